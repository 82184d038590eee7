// Fragment of find: the node has a value of an attribute with a property of its own (label, start and the like).
(n[$own] IS NOT NULL AND n[$own] <> [] OR n[$key] IS NOT NULL)
