// Fragment of find: the node has an attribute.
n[$key] IS NOT NULL
