-- Fragment of find: the first of the node's kinds is in :mask (entity 1, activity 2, agent 4), or it has none and :unknown.
((node.kinds & -node.kinds) & :mask <> 0 OR (:unknown AND node.kinds = 0))
