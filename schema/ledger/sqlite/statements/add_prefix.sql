INSERT INTO prefix (prefix, namespace, sequence) VALUES (?, ?, ?)
