-- Experiments, deleted ones included. Columns: the table's own, which differ between versions of MLflow.
SELECT * FROM experiments ORDER BY experiment_id;
