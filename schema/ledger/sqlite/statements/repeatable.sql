-- Of the documents :sequences (a JSON list, in its order), those that would be duplicates if they came again (rule 9):
-- unretracted events (if :events), and snapshots that are their unit's only live document.
SELECT document.digest
FROM json_each(:sequences) AS given CROSS JOIN document ON document.sequence = given.value
WHERE document.withdrawn IS NULL AND (
  (document.mode = 'event' AND :events)
  OR (
    document.mode = 'snapshot'
    AND EXISTS (SELECT 1 FROM live WHERE live.document = document.sequence AND live.until IS NULL)
    AND NOT EXISTS (
      SELECT 1 FROM document AS other JOIN live ON live.document = other.sequence AND live.until IS NULL
      WHERE other.space = document.space AND other.unit = document.unit AND other.sequence <> document.sequence
    )
  )
)
ORDER BY given.key
