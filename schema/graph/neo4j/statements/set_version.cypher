// Notes the schema's number.
MERGE (schema:ProvstoreGraph {name: 'schema'}) SET schema.version = $version
