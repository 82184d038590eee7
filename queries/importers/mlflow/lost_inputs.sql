-- Inputs of runs whose data set is not there. Columns: data set.
SELECT source_id FROM inputs
WHERE
    source_type = 'DATASET' AND destination_type = 'RUN'
    AND NOT EXISTS (SELECT 1 FROM datasets WHERE datasets.dataset_uuid = inputs.source_id)
ORDER BY source_id;
