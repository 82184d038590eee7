-- Tags of experiments that are not there. Columns: owner.
SELECT experiment_id FROM experiment_tags
WHERE NOT EXISTS (SELECT 1 FROM experiments WHERE experiments.experiment_id = experiment_tags.experiment_id)
ORDER BY experiment_id;
