MATCH (n:Element) RETURN labels(n) AS labels, properties(n) AS properties
