// Fragment of find: no node can meet it.
false
