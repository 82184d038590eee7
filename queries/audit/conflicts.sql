-- question: conflicts    returns: iri, attribute    access: read
-- Elements of which two sources say different values for something that can have one only (rule 10).
SELECT node.iri, conflict.value AS attribute
FROM node JOIN json_each(node.conflicts) AS conflict
ORDER BY node.iri, conflict.value
