// Fragment of find: the node's IRI is in $iris; an index probe.
n.iri IN $iris
