-- Rule 9: the first unretracted document of the same unit, mode, content and event time.
SELECT min(sequence) FROM document
WHERE space = :space AND unit = :unit AND mode = :mode AND event_time = :event_time
  AND content_digest = :content_digest AND withdrawn IS NULL
