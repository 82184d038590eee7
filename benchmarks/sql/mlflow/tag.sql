INSERT INTO tags (key, value, run_uuid) VALUES (?, ?, ?)
