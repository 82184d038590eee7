// question: path    returns: step, relation, iri    access: read
// parameter start: iri    parameter goal: iri    parameter agents: integer 0..1 = 0    parameter parents: integer 0..1 = 0
// parameter within: integer 1..1000 = 100
// A shortest derivation path from an element back to another one, if one has at most `within` edges (rule 22): step 0 is
// the start, and each relation leads from the step before.
MATCH (start:Element {iri: $start}), (goal:Element {iri: $goal})
CALL (start, goal) {
  WITH start, goal WHERE start = goal
  RETURN [start] AS nodes, [] AS steps
  UNION ALL
  WITH start, goal WHERE start <> goal
  MATCH path = SHORTEST 1 (start)
    (()-[step:used|wasGeneratedBy|wasDerivedFrom|hadActivity|wasInformedBy|wasStartedBy|hadStarter|hadMember
        |sameBytes|bytesOf|wasInfluencedBy|partOf]->(cause)
      WHERE ($parents = 1 OR type(step) <> 'partOf') AND (type(step) <> 'wasInfluencedBy' OR cause.kind <> 'agent'))*
    (goal)
  RETURN nodes(path) AS nodes, relationships(path) AS steps
  UNION ALL
  WITH start, goal WHERE start <> goal
  MATCH path = SHORTEST 1 (start)
    (()-[step:used|wasGeneratedBy|wasDerivedFrom|hadActivity|wasInformedBy|wasStartedBy|hadStarter|hadMember
        |sameBytes|bytesOf|wasInfluencedBy|partOf]->(cause)
      WHERE ($parents = 1 OR type(step) <> 'partOf') AND (type(step) <> 'wasInfluencedBy' OR cause.kind <> 'agent'))*
    ()-[:specializationOf]->+(goal)
  RETURN nodes(path) AS nodes, relationships(path) AS steps
  UNION ALL
  WITH start, goal WHERE start <> goal
  MATCH path = SHORTEST 1 (start)
    (()-[step:used|wasGeneratedBy|wasDerivedFrom|hadActivity|wasInformedBy|wasStartedBy|hadStarter|hadMember
        |sameBytes|bytesOf|wasInfluencedBy|partOf]->(cause)
      WHERE ($parents = 1 OR type(step) <> 'partOf') AND (type(step) <> 'wasInfluencedBy' OR cause.kind <> 'agent'))*
    ()-[:hadPlan]->(goal)
  RETURN nodes(path) AS nodes, relationships(path) AS steps
  UNION ALL
  WITH start, goal WHERE start <> goal AND $agents = 1
  MATCH path = SHORTEST 1 (start)
    (()-[step:used|wasGeneratedBy|wasDerivedFrom|hadActivity|wasInformedBy|wasStartedBy|hadStarter|hadMember
        |sameBytes|bytesOf|wasInfluencedBy|partOf]->(cause)
      WHERE ($parents = 1 OR type(step) <> 'partOf') AND (type(step) <> 'wasInfluencedBy' OR cause.kind <> 'agent'))*
    ()-[link:wasAssociatedWith|wasAttributedTo|wasInfluencedBy WHERE type(link) <> 'wasInfluencedBy' OR endNode(link).kind = 'agent']->
    ()-[:actedOnBehalfOf]->*(goal)
  RETURN nodes(path) AS nodes, relationships(path) AS steps
}
WITH nodes, steps WHERE size(steps) <= $within
ORDER BY size(steps) LIMIT 1
UNWIND range(0, size(steps)) AS step
RETURN step, CASE step WHEN 0 THEN null ELSE type(steps[step - 1]) END AS relation, nodes[step].iri AS iri ORDER BY step
