// Nodes that may have a digest that begins so: by their first one, or because they have several.
// Parameters: digest (algorithm:hexprefix). Columns: exact. Access: two indexes.
MATCH (n:Element) WHERE n.digest STARTS WITH $digest RETURN n.exact AS exact
UNION
MATCH (n:Element) WHERE n.several_digests = true RETURN n.exact AS exact
