-- question: find    returns: iri, kind, label    access: read
-- parameter kind: string =     parameter type: iri =     parameter text: string =
-- parameter limit: integer 1..100000 = 100
-- Elements of a kind, of a type, with a text in their label; what is not given does not matter.
SELECT iri, CASE WHEN kinds & 1 THEN 'entity' WHEN kinds & 2 THEN 'activity' WHEN kinds & 4 THEN 'agent' ELSE 'unknown' END
  AS kind, label
FROM node
WHERE (:kind = '' OR :kind = CASE WHEN kinds & 1 THEN 'entity' WHEN kinds & 2 THEN 'activity' WHEN kinds & 4 THEN 'agent'
    ELSE 'unknown' END)
  AND (:type = '' OR EXISTS (SELECT 1 FROM json_each(node.types) AS type WHERE type.value = :type))
  AND (:text = '' OR instr(label, :text))
ORDER BY iri LIMIT :limit
