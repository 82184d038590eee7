-- The newest first. Parameters: before (a sequence), limit, spaces (JSON list that a row's spaces must lie in; NULL:
-- every row), actor, action (NULL: any).
SELECT sequence, time, actor, role, spaces, action, method, path, status, address FROM access
WHERE sequence < :before
  AND (:actor IS NULL OR actor = :actor)
  AND (:action IS NULL OR action = :action)
  AND (:spaces IS NULL OR (spaces IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM json_each(access.spaces) AS seen WHERE seen.value NOT IN (SELECT value FROM json_each(:spaces)))))
ORDER BY sequence DESC LIMIT :limit
