INSERT OR REPLACE INTO tile (id, hashes) VALUES (?, ?)
