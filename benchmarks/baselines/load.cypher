// Parameter rows: the ends of each edge.
UNWIND $rows AS row
MERGE (source:<source> {id: row[0]})
MERGE (target:<target> {id: row[1]})
CREATE (source)-[:<relation>]->(target)
