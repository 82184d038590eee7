-- Tags of the data set inputs of runs, run by run. Columns: owner, input, name, value.
SELECT inputs.destination_id, input_tags.input_uuid, input_tags.name, input_tags.value
FROM input_tags JOIN inputs ON inputs.input_uuid = input_tags.input_uuid
WHERE inputs.destination_type = 'RUN'
ORDER BY inputs.destination_id, input_tags.input_uuid, input_tags.name;
