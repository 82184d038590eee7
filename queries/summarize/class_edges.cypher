// question: class_edges
// returns: source_kind, source_type, source_value, relation, target_kind, target_type, target_value, count, share
// access: read    parameter attribute: attribute =
// How many edges there are between elements of each kind, type and value of an attribute, and their share of all edges. Of an
// element with several types or values each counts; inferred edges do not. Digests are told in small letters, start
// and end in UTC.
MATCH (:Element)-[edge]->(:Element) WHERE edge.inferred IS NULL
WITH count(edge) AS total
MATCH (source:Element)-[edge]->(target:Element) WHERE edge.inferred IS NULL
WITH total, source, edge, target,
  [key IN $attribute WHERE source[key] IS NOT NULL AND source[key] <> [] | source[key]][0] AS source_told,
  [key IN $attribute WHERE target[key] IS NOT NULL AND target[key] <> [] | target[key]][0] AS target_told
UNWIND CASE source.types WHEN [] THEN [null] ELSE source.types END AS source_type
UNWIND CASE WHEN source_told IS :: LIST<ANY> NOT NULL THEN source_told ELSE [source_told] END AS source_value
UNWIND CASE target.types WHEN [] THEN [null] ELSE target.types END AS target_type
UNWIND CASE WHEN target_told IS :: LIST<ANY> NOT NULL THEN target_told ELSE [target_told] END AS target_value
WITH total, source.kind AS source_kind, source_type, type(edge) AS relation, target.kind AS target_kind, target_type,
  CASE WHEN source_value IS :: ZONED DATETIME NOT NULL THEN source_value ELSE toString(source_value) END AS source_value,
  CASE WHEN target_value IS :: ZONED DATETIME NOT NULL THEN target_value ELSE toString(target_value) END AS target_value,
  count(DISTINCT edge) AS count
RETURN source_kind, source_type, source_value, relation, target_kind, target_type, target_value, count,
  1.0 * count / total AS share
ORDER BY source_kind, source_type, source_value, relation, target_kind, target_type, target_value
