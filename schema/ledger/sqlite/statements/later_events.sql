-- Unretracted events later than :after ('' for all), oldest first.
SELECT sequence FROM document
WHERE space = :space AND unit = :unit AND mode = 'event' AND withdrawn IS NULL AND event_time > :after
ORDER BY event_time, content_digest
