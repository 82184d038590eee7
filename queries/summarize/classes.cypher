// question: classes    returns: kind, type, value, count, share    access: read
// parameter attribute: attribute =
// How many elements there are of each kind, type and value of an attribute, and their share of all elements. Of an element with
// several types or values each counts; content nodes, which are inferred, do not.
MATCH (n:Element) WHERE NOT n.iri STARTS WITH 'urn:provstore:content:'
WITH count(n) AS total, collect(n) AS elements
UNWIND elements AS n
UNWIND CASE n.types WHEN [] THEN [null] ELSE n.types END AS type
UNWIND CASE WHEN n[$attribute] IS :: LIST<ANY> NOT NULL THEN n[$attribute] ELSE [n[$attribute]] END AS value
WITH total, n.kind AS kind, type, toString(value) AS value, count(DISTINCT n) AS count
RETURN kind, type, value, count, 1.0 * count / total AS share ORDER BY kind, type, value
