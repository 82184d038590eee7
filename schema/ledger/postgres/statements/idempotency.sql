SELECT document.sequence, document.unit, document.mode, document.content_digest, document.withdrawn
FROM idempotency JOIN document ON document.sequence = idempotency.document
WHERE idempotency.space = %(space)s AND idempotency.actor = %(actor)s
  AND hashtextextended(idempotency.key, 0) = hashtextextended(%(key)s, 0) AND idempotency.key = %(key)s
ORDER BY document.sequence
