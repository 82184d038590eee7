-- Data sets that runs took in, run by run. Columns: owner, input, then the data set's own.
SELECT inputs.destination_id, inputs.input_uuid, datasets.*
FROM inputs JOIN datasets ON datasets.dataset_uuid = inputs.source_id
WHERE inputs.source_type = 'DATASET' AND inputs.destination_type = 'RUN'
ORDER BY inputs.destination_id, datasets.name, datasets.digest, inputs.input_uuid;
