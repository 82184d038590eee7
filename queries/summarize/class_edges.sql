-- question: class_edges
-- returns: source_kind, source_type, source_value, relation, target_kind, target_type, target_value, count, share
-- access: read    parameter attribute: attribute =
-- How many edges there are between elements of each kind, type and value of an attribute, and their share of all edges. Of an
-- element with several types or values each counts; inferred edges do not. Digests are told in small letters, start
-- and end in UTC.
WITH element AS MATERIALIZED (
  SELECT id, types, attributes, CASE WHEN kinds & 1 THEN 'entity' WHEN kinds & 2 THEN 'activity' WHEN kinds & 4 THEN 'agent'
    ELSE 'unknown' END AS kind
  FROM node
),
told (id, value) AS (
  SELECT element.id, json_extract(value.value, '$[1]')
  FROM element CROSS JOIN json_each(element.attributes) AS attribute CROSS JOIN json_each(attribute.value) AS value
  WHERE attribute.key = :attribute AND :attribute NOT IN (
    'urn:provstore:terms#digest', 'http://www.w3.org/ns/prov#startTime', 'http://www.w3.org/ns/prov#endTime'
  )
  UNION ALL
  SELECT node, value FROM digest WHERE :attribute = 'urn:provstore:terms#digest'
  UNION ALL
  SELECT id, start FROM node WHERE :attribute = 'http://www.w3.org/ns/prov#startTime' AND start IS NOT NULL
  UNION ALL
  SELECT id, "end" FROM node WHERE :attribute = 'http://www.w3.org/ns/prov#endTime' AND "end" IS NOT NULL
),
class (id, kind, type, value) AS MATERIALIZED (
  SELECT DISTINCT element.id, element.kind, type.value, told.value
  FROM element LEFT JOIN json_each(element.types) AS type LEFT JOIN told ON told.id = element.id
),
stated AS MATERIALIZED (
  SELECT edge.source, edge.relation, edge.target FROM edge JOIN scope ON scope.id = edge.scope WHERE NOT scope.inferred
)
SELECT source.kind AS source_kind, source.type AS source_type, source.value AS source_value, relation.name AS relation,
  target.kind AS target_kind, target.type AS target_type, target.value AS target_value, count(*) AS count,
  1.0 * count(*) / (SELECT count(*) FROM stated) AS share
FROM stated
JOIN relation ON relation.code = stated.relation
JOIN class AS source ON source.id = stated.source
JOIN class AS target ON target.id = stated.target
GROUP BY 1, 2, 3, 4, 5, 6, 7 ORDER BY 1, 2, 3, 4, 5, 6, 7
