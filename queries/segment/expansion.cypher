// question: expansion    returns: iri    access: read
// parameter members: iris    parameter steps: integer 1..5 = 1
// Activities and entities within some steps back from some entities; a step is over one activity (C5 of a segment).
MATCH (member:Element) WHERE member.iri IN $members
WITH collect(member) AS entities0
CALL (entities0) {
  UNWIND entities0 AS entity
  MATCH (entity)-[:wasGeneratedBy]->(activity:Element) WHERE $steps >= 1
  RETURN collect(DISTINCT activity) AS activities1
}
CALL (activities1) {
  UNWIND activities1 AS activity
  MATCH (activity)-[:used]->(entity:Element)
  RETURN collect(DISTINCT entity) AS entities1
}
CALL (entities1) {
  UNWIND entities1 AS entity
  MATCH (entity)-[:wasGeneratedBy]->(activity:Element) WHERE $steps >= 2
  RETURN collect(DISTINCT activity) AS activities2
}
CALL (activities2) {
  UNWIND activities2 AS activity
  MATCH (activity)-[:used]->(entity:Element)
  RETURN collect(DISTINCT entity) AS entities2
}
CALL (entities2) {
  UNWIND entities2 AS entity
  MATCH (entity)-[:wasGeneratedBy]->(activity:Element) WHERE $steps >= 3
  RETURN collect(DISTINCT activity) AS activities3
}
CALL (activities3) {
  UNWIND activities3 AS activity
  MATCH (activity)-[:used]->(entity:Element)
  RETURN collect(DISTINCT entity) AS entities3
}
CALL (entities3) {
  UNWIND entities3 AS entity
  MATCH (entity)-[:wasGeneratedBy]->(activity:Element) WHERE $steps >= 4
  RETURN collect(DISTINCT activity) AS activities4
}
CALL (activities4) {
  UNWIND activities4 AS activity
  MATCH (activity)-[:used]->(entity:Element)
  RETURN collect(DISTINCT entity) AS entities4
}
CALL (entities4) {
  UNWIND entities4 AS entity
  MATCH (entity)-[:wasGeneratedBy]->(activity:Element) WHERE $steps >= 5
  RETURN collect(DISTINCT activity) AS activities5
}
CALL (activities5) {
  UNWIND activities5 AS activity
  MATCH (activity)-[:used]->(entity:Element)
  RETURN collect(DISTINCT entity) AS entities5
}
UNWIND activities1 + entities1 + activities2 + entities2 + activities3 + entities3
  + activities4 + entities4 + activities5 + entities5 AS n
RETURN DISTINCT n.iri AS iri ORDER BY iri
