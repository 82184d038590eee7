-- Fragment of find: the node's IRI is :value; an index probe.
node.iri = :value
