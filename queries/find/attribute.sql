-- Fragment of find: one of the values of an attribute compares so. :key is its IRI, :escaped the same as JSON writes it:
-- some versions of SQLite give the keys of an object as they are written, which the inner query finds out.
EXISTS (
  SELECT 1 FROM json_each(node.attributes) AS attribute
  WHERE attribute.key = iif((SELECT probe.key FROM json_each('{"\"":0}') AS probe) = '"', :key, :escaped)
    AND provstore_values(attribute.value, :operator, :values)
)
