SELECT sequence FROM document
WHERE hashtextextended(unit, 0) = hashtextextended(%(unit)s, 0) AND space = %(space)s AND unit = %(unit)s
  AND mode = %(mode)s AND content_digest = %(content_digest)s LIMIT 1
