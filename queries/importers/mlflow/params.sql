-- Parameters, run by run. Columns: owner, key, value.
SELECT run_uuid, key, value FROM params ORDER BY run_uuid, key;
