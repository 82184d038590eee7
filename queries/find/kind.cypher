// Fragment of find: the first of the node's kinds is in $kinds.
n.kind IN $kinds
