MATCH (node)
WHERE node[$property] IS NOT NULL
RETURN true
LIMIT 1
