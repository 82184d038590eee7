-- question: agents    returns: iri    access: read
-- parameter members: iris
-- Agents with which the activities among some elements are associated, or to which its entities are attributed (C4).
SELECT DISTINCT agent.iri
FROM json_each(:members) AS member
CROSS JOIN node ON node.iri = member.value
CROSS JOIN edge ON edge.source = node.id
JOIN node AS agent ON agent.id = edge.target
WHERE edge.relation IN (SELECT code FROM relation WHERE name IN ('wasAssociatedWith', 'wasAttributedTo'))
ORDER BY 1
