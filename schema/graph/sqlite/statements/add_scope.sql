INSERT INTO scope (id, spaces, bundles, inferred) VALUES (?, ?, ?, ?)
