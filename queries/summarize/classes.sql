-- question: classes    returns: kind, type, value, count, share    access: read
-- parameter attribute: attribute =
-- How many elements there are of each kind, type and value of an attribute, and their share of all elements. Of an element with
-- several types or values each counts; content nodes, which are inferred, do not. Digests are told in small letters,
-- start and end in UTC.
WITH element AS MATERIALIZED (
  SELECT id, types, attributes, CASE WHEN kinds & 1 THEN 'entity' WHEN kinds & 2 THEN 'activity' WHEN kinds & 4 THEN 'agent'
    ELSE 'unknown' END AS kind
  FROM node WHERE substr(iri, 1, 22) <> 'urn:provstore:content:'
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
)
SELECT element.kind, type.value AS type, told.value, count(DISTINCT element.id) AS count,
  1.0 * count(DISTINCT element.id) / (SELECT count(*) FROM element) AS share
FROM element LEFT JOIN json_each(element.types) AS type LEFT JOIN told ON told.id = element.id
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
