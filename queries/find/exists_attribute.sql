-- Fragment of find: the node has the attribute :key; :escaped as in the fragment attribute.
EXISTS (
  SELECT 1 FROM json_each(node.attributes) AS attribute
  WHERE attribute.key = iif((SELECT probe.key FROM json_each('{"\"":0}') AS probe) = '"', :key, :escaped)
)
