-- Fragment of find: the node has an attribute; :plain and :quoted as in the fragment attribute.
EXISTS (
  SELECT 1 FROM json_each(node.attributes) AS attribute WHERE attribute.fullkey IN (:plain, :quoted)
)
