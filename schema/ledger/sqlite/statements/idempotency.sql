SELECT document.sequence, document.unit, document.mode, document.content_digest, document.withdrawn
FROM idempotency JOIN document ON document.sequence = idempotency.document
WHERE idempotency.space = :space AND idempotency.actor = :actor AND idempotency.key = :key
ORDER BY document.sequence
