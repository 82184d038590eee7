// Parameter rows: source, target and sid of each edge of one relation.
UNWIND $rows AS row
MATCH (source:Element)-[edge:<relation> {sid: row[2]}]->(target:Element)
WHERE source.iri = row[0] AND target.iri = row[1]
DELETE edge
