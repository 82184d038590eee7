INSERT OR IGNORE INTO mention (key, slot, statement) VALUES (?, ?, ?)
