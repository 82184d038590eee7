-- Logged models (MLflow 3), deleted ones included. Columns: the table's own.
SELECT * FROM logged_models ORDER BY model_id;
