-- Fragment of find: the node has the attribute :key; :escaped is the same as JSON writes it.
EXISTS (SELECT 1 FROM json_each(node.attributes) AS attribute WHERE attribute.key IN (:key, :escaped))
