SELECT document.sequence FROM document JOIN live ON live.document = document.sequence
WHERE hashtextextended(document.unit, 0) = hashtextextended(%(unit)s, 0) AND document.unit = %(unit)s
  AND (%(space)s::text IS NULL OR document.space = %(space)s)
  AND live.since <= %(as_of)s AND (live.until IS NULL OR live.until > %(as_of)s)
ORDER BY document.sequence
