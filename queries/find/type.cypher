// Fragment of find: one of the node's types is in $types, or it has one that is no name.
(any(type IN n.types WHERE type IN $types) OR n[$key] IS NOT NULL)
