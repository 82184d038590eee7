SELECT id, hashes FROM tile WHERE id >= %(first)s
