SELECT document.sequence FROM document JOIN live ON live.document = document.sequence AND live.until IS NULL
WHERE hashtextextended(document.unit, 0) = hashtextextended(%(unit)s, 0)
  AND document.space = %(space)s AND document.unit = %(unit)s
ORDER BY document.sequence
