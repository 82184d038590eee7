-- question: diff_attributes    returns: side, attribute, value    access: read
-- parameter a: iri    parameter b: iri
-- Values that an attribute has for one of two elements and not for the other.
WITH told (side, attribute, value) AS (
  SELECT DISTINCT CASE node.iri WHEN :a THEN 'a' ELSE 'b' END, attribute.key, json_extract(value.value, '$[1]')
  FROM node CROSS JOIN json_each(node.attributes) AS attribute CROSS JOIN json_each(attribute.value) AS value
  WHERE node.iri IN (:a, :b) AND :a <> :b
)
SELECT min(side) AS side, attribute, value FROM told GROUP BY attribute, value HAVING count(*) = 1
ORDER BY attribute, side, value
