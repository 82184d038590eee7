// question: diff_attributes    returns: side, attribute, value    access: read
// parameter a: iri    parameter b: iri
// Values that an attribute has for one of two elements and not for the other.
UNWIND [['a', $a], ['b', $b]] AS named
MATCH (n:Element {iri: named[1]}) WHERE $a <> $b
UNWIND [key IN keys(n) WHERE NOT key IN ['iri', 'qname', 'kind', 'kinds', 'declared', 'digest', 'several_digests', 'conflict',
    'conflicts', 'spaces', 'exact']] AS attribute
UNWIND CASE WHEN n[attribute] IS :: LIST<ANY> THEN n[attribute] ELSE [n[attribute]] END AS value
WITH attribute, toString(value) AS value, collect(DISTINCT named[0]) AS sides WHERE size(sides) = 1
RETURN sides[0] AS side, attribute, value ORDER BY attribute, side, value
