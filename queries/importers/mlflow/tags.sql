-- Tags, run by run. Columns: owner, key, value.
SELECT run_uuid, key, value FROM tags ORDER BY run_uuid, key;
