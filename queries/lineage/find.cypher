// question: find    returns: iri, kind, label    access: read
// parameter kind: string =     parameter type: iri =     parameter text: string =
// parameter limit: integer 1..100000 = 100
// Elements of a kind, of a type, with a text in their label; what is not given does not matter.

// A label of 2,000 characters is cut: whether the whole of it has the text is for whoever asks to see.
MATCH (n:Element)
WHERE ($kind = '' OR n.kind = $kind) AND ($type = '' OR $type IN n.types)
  AND ($text = '' OR n.label CONTAINS $text OR size(n.label) >= 2000)
RETURN n.iri AS iri, n.kind AS kind, n.label AS label ORDER BY iri LIMIT $limit
