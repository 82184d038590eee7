INSERT INTO document
  (sequence, digest, space, unit, mode, event_time, content_digest, derived, salt, statements, first_leaf)
VALUES
  (%(sequence)s, %(digest)s, %(space)s, %(unit)s, %(mode)s, %(event_time)s, %(content_digest)s, %(derived)s, %(salt)s,
   %(statements)s, %(first_leaf)s)
