-- Fragment of find: an agent that the node is associated with or attributed to (:codes) compares so.
EXISTS (
  SELECT 1 FROM edge CROSS JOIN scope ON scope.id = edge.scope CROSS JOIN node AS agent ON agent.id = edge.target
  WHERE edge.source = node.id AND edge.relation IN (SELECT code.value FROM json_each(:codes) AS code)
    AND NOT scope.inferred AND provstore_agent(agent.iri, agent.label, :operator, :values)
)
