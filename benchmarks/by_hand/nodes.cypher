// Parameter rows: the properties of each node.
UNWIND $rows AS row
MERGE (n:Element {iri: row.iri})
SET n:<labels>, n += row
