// Removes some edges. Parameter limit. Columns: how many.
MATCH (:Element)-[edge]->(:Element) WITH edge LIMIT $limit DELETE edge RETURN count(edge) AS removed
