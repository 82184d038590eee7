-- Registered models. Columns: the table's own.
SELECT * FROM registered_models ORDER BY name;
