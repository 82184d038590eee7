-- Tags of experiments. Columns: owner, key, value.
SELECT experiment_id, key, value FROM experiment_tags ORDER BY experiment_id, key;
