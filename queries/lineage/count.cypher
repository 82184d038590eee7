// How many nodes the graph has. Columns: count. Access: the store's own count.
MATCH (n:Element) RETURN count(n) AS count
