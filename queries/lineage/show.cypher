// question: show    returns: part, name, value    access: read
// parameter element: iri
// What the graph holds of an element: its kinds, fields and attributes, and the other ends of its edges.
MATCH (n:Element {iri: $element})
CALL (n) {
  UNWIND n.kinds AS name RETURN 'kind' AS part, name, null AS value
  UNION
  UNWIND [key IN keys(n) WHERE NOT key IN ['iri', 'qname', 'kind', 'kinds', 'declared', 'digest', 'several_digests', 'conflict',
    'conflicts', 'spaces', 'exact']] AS attribute
  UNWIND CASE WHEN n[attribute] IS :: LIST<ANY> THEN n[attribute] ELSE [n[attribute]] END AS value
  RETURN 'attribute' AS part, attribute AS name, toString(value) AS value
  UNION
  MATCH (n)-[edge]->(other:Element) RETURN 'from' AS part, type(edge) AS name, other.iri AS value
  UNION
  MATCH (n)<-[edge]-(other:Element) RETURN 'to' AS part, type(edge) AS name, other.iri AS value
}
RETURN part, name, value ORDER BY part, name, value
