-- Tags of model versions. Columns: the table's own.
SELECT * FROM model_version_tags ORDER BY name, version, key;
