// Nodes with this label, of a long one its beginning. Parameters: label. Columns: exact. Access: an index.
MATCH (n:Element) WHERE n.label = $label RETURN n.exact AS exact
