SELECT e.sequence, e.kind, e.time, e.actor, e.reason, e.header, e.opened, e.closed, e.first_leaf, e.leaves, e.root, e.salt,
  d.digest, d.content_digest, d.statements, d.salt,
  (SELECT group_concat(hex(sha256)) FROM attachment WHERE e.kind = 'append' AND attachment.document = e.sequence)
FROM entry AS e JOIN document AS d ON d.sequence = e.document
WHERE e.sequence > :after AND e.sequence <= :upto ORDER BY e.sequence LIMIT :limit
