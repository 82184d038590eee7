-- Tags of inputs that are not there. Columns: owner.
SELECT input_uuid FROM input_tags
WHERE NOT EXISTS (SELECT 1 FROM inputs WHERE inputs.input_uuid = input_tags.input_uuid)
ORDER BY input_uuid;
