-- Fragment of find: one of the values of an attribute compares so. :key is its IRI, :escaped the same as JSON writes it.
EXISTS (
  SELECT 1 FROM json_each(node.attributes) AS attribute
  WHERE attribute.key IN (:key, :escaped) AND provstore_values(attribute.value, :operator, :values)
)
