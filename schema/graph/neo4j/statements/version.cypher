// The schema's number, or no row. Columns: version.
MATCH (schema:ProvstoreGraph {name: 'schema'}) RETURN schema.version AS version
