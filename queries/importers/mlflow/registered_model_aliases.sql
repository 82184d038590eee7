-- Aliases of registered models. Columns: the table's own.
SELECT * FROM registered_model_aliases ORDER BY name, alias;
