-- Fragment of find: something is said of the node in a space.
node.spaces <> '[]'
