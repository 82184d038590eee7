SELECT 1 FROM document
WHERE hashtextextended(unit, 0) = hashtextextended(%(unit)s, 0) AND space = %(space)s AND unit = %(unit)s LIMIT 1
