SELECT e.sequence, e.kind, e.time, e.actor, e.reason, e.header, e.opened, e.closed, e.first_leaf, e.leaves, e.root, e.salt,
  d.digest, d.content_digest, d.statements, d.salt,
  (SELECT string_agg(encode(sha256, 'hex'), ',') FROM attachment WHERE e.kind = 'append' AND attachment.document = e.sequence)
FROM entry AS e JOIN document AS d ON d.sequence = e.document
WHERE e.sequence > %(after)s AND e.sequence <= %(upto)s ORDER BY e.sequence LIMIT %(limit)s
