-- Fragment of find: one of the node's spaces compares so.
provstore_names(node.spaces, :operator, :values)
