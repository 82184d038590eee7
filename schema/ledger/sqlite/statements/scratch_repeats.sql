-- True when a statement of the document is stored, or said twice in it.
SELECT EXISTS (SELECT 1 FROM temp.scratch_sid AS own JOIN main.sid ON sid.key = own.key)
  OR (SELECT count(DISTINCT key) < count(*) FROM temp.scratch_sid)
