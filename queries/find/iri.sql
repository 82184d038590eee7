-- Fragment of find: the node's IRI compares so.
provstore_name(node.iri, :operator, :values)
