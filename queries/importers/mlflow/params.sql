-- Parameters, run by run. Columns: owner, key, value.
SELECT run_uuid, key, value FROM params WHERE run_uuid IS NOT NULL ORDER BY run_uuid, key;
