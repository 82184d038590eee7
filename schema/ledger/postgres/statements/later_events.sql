-- Unretracted events later than `after` ('' for all), oldest first.
SELECT sequence FROM document
WHERE hashtextextended(unit, 0) = hashtextextended(%(unit)s, 0) AND space = %(space)s AND unit = %(unit)s
  AND mode = 'event' AND withdrawn IS NULL AND event_time > %(after)s
ORDER BY event_time, content_digest
