INSERT INTO entry (sequence, kind, time, actor, reason, document, header, opened, closed, first_leaf, leaves, root, salt)
VALUES (%(sequence)s, %(kind)s, %(time)s, %(actor)s, %(reason)s, %(document)s, %(header)s, %(opened)s, %(closed)s,
  %(first_leaf)s, %(leaves)s, %(root)s, %(salt)s)
