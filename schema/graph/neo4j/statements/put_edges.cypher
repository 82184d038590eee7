// Whole edges of one relation (rule 20). Parameter rows: source, target, sid and properties of each. <relation> stands
// for a relation of the closed table. Columns: how many had both of their nodes.
UNWIND $rows AS row
MATCH (source:Element {iri: row[0]})
MATCH (target:Element {iri: row[1]})
MERGE (source)-[edge:<relation> {sid: row[2]}]->(target)
SET edge = row[3]
RETURN count(*) AS written
