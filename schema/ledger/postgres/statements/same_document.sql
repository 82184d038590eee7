-- Rule 9: the first unretracted document of the same unit, mode, content and event time.
SELECT min(sequence) FROM document
WHERE hashtextextended(unit, 0) = hashtextextended(%(unit)s, 0) AND space = %(space)s AND unit = %(unit)s
  AND mode = %(mode)s AND event_time = %(event_time)s AND content_digest = %(content_digest)s AND withdrawn IS NULL
