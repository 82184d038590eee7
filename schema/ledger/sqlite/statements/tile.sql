SELECT hashes FROM tile WHERE id = ?
