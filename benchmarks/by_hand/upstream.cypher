// Everything upstream with all properties, and the edges that lead on.
MATCH (start:Element {iri: $start})
  -[:used|wasGeneratedBy|wasDerivedFrom|hadActivity|wasInformedBy|wasStartedBy|hadStarter|wasInfluencedBy|hadMember|sameBytes|bytesOf*0..]->
  (n:Element)
WITH DISTINCT n
RETURN properties(n) AS node,
  [(n)-[e:used|wasGeneratedBy|wasDerivedFrom|hadActivity|wasInformedBy|wasStartedBy|hadStarter|wasInfluencedBy|hadMember|sameBytes|bytesOf]->(m:Element) |
    [type(e), m.iri, properties(e)]] AS edges
