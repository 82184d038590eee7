MATCH (node)
WHERE $label IN labels(node)
RETURN properties(node)
