-- Fragment of find: one of the node's digests, in lower case, is :value; an index probe.
node.id IN (SELECT digest.node FROM digest WHERE digest.value = :value)
