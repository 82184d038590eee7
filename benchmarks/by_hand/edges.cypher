// Parameter rows: source, target and properties of each edge.
UNWIND $rows AS row
MATCH (source:Element {iri: row.source})
MATCH (target:Element {iri: row.target})
MERGE (source)-[e:<relation> {sid: row.properties.sid}]->(target)
SET e += row.properties
