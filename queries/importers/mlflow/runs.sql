-- Runs, deleted ones included, in the order of their ids. Columns: the table's own.
SELECT * FROM runs ORDER BY run_uuid;
