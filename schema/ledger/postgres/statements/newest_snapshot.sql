-- R of rule 8, or what R would be without document `but`.
SELECT sequence, event_time, content_digest FROM document
WHERE hashtextextended(unit, 0) = hashtextextended(%(unit)s, 0) AND space = %(space)s AND unit = %(unit)s
  AND mode = 'snapshot' AND withdrawn IS NULL AND sequence IS DISTINCT FROM %(but)s::bigint
ORDER BY event_time DESC, content_digest DESC LIMIT 1
