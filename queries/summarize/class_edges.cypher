// question: class_edges
// returns: source_kind, source_type, source_value, relation, target_kind, target_type, target_value, count, share
// access: read    parameter attribute: attribute =
// How many edges there are between elements of each kind, type and value of an attribute, and their share of all edges. Of an
// element with several types or values each counts; inferred edges do not.
MATCH (:Element)-[edge]->(:Element) WHERE edge.inferred IS NULL
WITH count(edge) AS total
MATCH (source:Element)-[edge]->(target:Element) WHERE edge.inferred IS NULL
UNWIND CASE source.types WHEN [] THEN [null] ELSE source.types END AS source_type
UNWIND CASE WHEN source[$attribute] IS :: LIST<ANY> NOT NULL THEN source[$attribute] ELSE [source[$attribute]] END AS source_value
UNWIND CASE target.types WHEN [] THEN [null] ELSE target.types END AS target_type
UNWIND CASE WHEN target[$attribute] IS :: LIST<ANY> NOT NULL THEN target[$attribute] ELSE [target[$attribute]] END AS target_value
WITH total, source.kind AS source_kind, source_type, toString(source_value) AS source_value, type(edge) AS relation,
  target.kind AS target_kind, target_type, toString(target_value) AS target_value, count(DISTINCT edge) AS count
RETURN source_kind, source_type, source_value, relation, target_kind, target_type, target_value, count,
  1.0 * count / total AS share
ORDER BY source_kind, source_type, source_value, relation, target_kind, target_type, target_value
