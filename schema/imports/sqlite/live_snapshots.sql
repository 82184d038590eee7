SELECT sequence, unit FROM document JOIN json_each(?) AS asked ON asked.value = document.sequence
WHERE mode = 'snapshot' AND EXISTS (SELECT 1 FROM live WHERE live.document = document.sequence AND until IS NULL)
ORDER BY sequence
