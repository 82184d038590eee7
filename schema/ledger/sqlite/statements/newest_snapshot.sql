-- R of rule 8, or what R would be without document :but.
SELECT sequence, event_time, content_digest FROM document
WHERE space = :space AND unit = :unit AND mode = 'snapshot' AND withdrawn IS NULL AND sequence IS NOT :but
ORDER BY event_time DESC, content_digest DESC LIMIT 1
