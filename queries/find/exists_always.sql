-- Fragment of find: what every node has (a kind, an IRI).
1
