MATCH (node)
RETURN count(node)
