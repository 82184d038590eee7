INSERT OR IGNORE INTO relation (code, name) VALUES (?, ?)
