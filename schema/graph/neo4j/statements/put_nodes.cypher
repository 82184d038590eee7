// Whole nodes of one set of labels (rule 19). Parameter rows: the properties of each. <labels> and <all_labels> stand
// for labels of the closed table. Columns: how many.
UNWIND $rows AS row
MERGE (n:Element {iri: row.iri})
SET n = row
REMOVE n:<all_labels>
SET n:<labels>
RETURN count(*) AS written
