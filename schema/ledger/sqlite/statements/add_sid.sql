INSERT INTO sid (key, statement) VALUES (?, ?)
