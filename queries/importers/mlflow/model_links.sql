-- Logged models that runs took in or put out, run by run. Columns: owner, RUN_INPUT or RUN_OUTPUT, model, then the row's own.
SELECT source_id, source_type, destination_id, inputs.*
FROM inputs
WHERE source_type IN ('RUN_INPUT', 'RUN_OUTPUT') AND destination_type IN ('MODEL_INPUT', 'MODEL_OUTPUT')
ORDER BY source_id, source_type, destination_id;
