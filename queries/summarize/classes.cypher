// question: classes    returns: kind, type, value, count, share    access: read
// parameter attribute: attribute =
// How many elements there are of each kind, type and value of an attribute, and their share of all elements. Of an element with
// several types or values each counts; content nodes, which are inferred, do not. Digests are told in small letters,
// start and end in UTC.
MATCH (n:Element) WHERE NOT n.iri STARTS WITH 'urn:provstore:content:'
WITH count(n) AS total, collect(n) AS elements
UNWIND elements AS n
UNWIND CASE n.types WHEN [] THEN [null] ELSE n.types END AS type
WITH total, n, type, [key IN $attribute WHERE n[key] IS NOT NULL AND n[key] <> [] | n[key]][0] AS told
UNWIND CASE WHEN told IS :: LIST<ANY> NOT NULL THEN told ELSE [told] END AS value
WITH total, n.kind AS kind, type, count(DISTINCT n) AS count,
  CASE WHEN value IS :: ZONED DATETIME NOT NULL THEN value ELSE toString(value) END AS value
RETURN kind, type, value, count, 1.0 * count / total AS share ORDER BY kind, type, value
