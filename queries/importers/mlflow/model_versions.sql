-- Versions of registered models, deleted ones included. Columns: the table's own.
SELECT * FROM model_versions ORDER BY name, version;
