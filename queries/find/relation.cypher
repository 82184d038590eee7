// Fragment of find: the node is the source of an edge of one of these relations, stated or not.
EXISTS { (n)-[:<relations>]->(:Element) }
