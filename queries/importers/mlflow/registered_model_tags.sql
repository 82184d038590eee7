-- Tags of registered models. Columns: the table's own.
SELECT * FROM registered_model_tags ORDER BY name, key;
