-- Runs, deleted ones included, in the order of their ids. Columns: the table's own.
SELECT * FROM runs WHERE run_uuid IS NOT NULL ORDER BY run_uuid;
