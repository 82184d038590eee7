SELECT hashes FROM tile WHERE id = %s
