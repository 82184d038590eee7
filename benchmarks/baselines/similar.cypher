// The entities that a walk from a destination ends at which has the labels of one from there to a source.
// Parameters: src, dst.
MATCH p1 = (d:Entity)-[:used|wasGeneratedBy*]->(b:Entity) WHERE b.id IN $src AND d.id IN $dst
MATCH p2 = (d)-[:used|wasGeneratedBy*]->(c:Entity)
WHERE [x IN nodes(p1) | labels(x)[0]] = [x IN nodes(p2) | labels(x)[0]]
RETURN DISTINCT c.id
