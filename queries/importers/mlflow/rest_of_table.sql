-- How many rows a table has that this importer does not map, and its first row. Columns: count, then the table's own.
-- {table}: a name from the database's own list, letters, digits and underscores only (nothing else can be bound here).
SELECT (SELECT count(*) FROM "{table}"), first.* FROM "{table}" AS first LIMIT 1;
