-- Touches the first page and the schema: fails here when the file cannot be read in place.
SELECT count(*) FROM sqlite_schema;
