// question: counts    returns: what, name, count    access: read
// How many nodes of each kind and edges of each relation the graph holds; a node of two kinds counts for each.
CALL () {
  MATCH (n:Element) UNWIND n.kinds AS name RETURN 'node' AS what, name, count(*) AS count
  UNION ALL
  MATCH (n:Element) WHERE n.kind = 'unknown' RETURN 'node' AS what, n.kind AS name, count(*) AS count
  UNION ALL
  MATCH (:Element)-[e]->(:Element) RETURN 'edge' AS what, type(e) AS name, count(*) AS count
}
RETURN what, name, count ORDER BY what DESC, name
