INSERT INTO statement (id, record) VALUES (?, ?)
