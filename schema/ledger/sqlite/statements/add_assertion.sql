INSERT INTO assertion (leaf, statement, document, bundle) VALUES (?, ?, ?, ?)
