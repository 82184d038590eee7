// Removes some nodes that have no edges any more. Parameter limit. Columns: how many.
MATCH (n:Element) WITH n LIMIT $limit DETACH DELETE n RETURN count(n) AS removed
