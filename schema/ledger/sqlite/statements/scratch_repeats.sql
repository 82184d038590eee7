-- True when a statement of the document is stored, or said twice in it.
SELECT (
  EXISTS (SELECT 1 FROM main.sid)
  AND EXISTS (SELECT 1 FROM temp.scratch_sid AS own JOIN main.sid ON sid.key = own.key)
) OR EXISTS (SELECT 1 FROM temp.scratch_sid GROUP BY key HAVING count(*) > 1)
