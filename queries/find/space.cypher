// Fragment of find: one of the node's spaces is in $spaces.
any(space IN n.spaces WHERE space IN $spaces)
