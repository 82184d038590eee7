INSERT OR IGNORE INTO blob (sha256, bytes) VALUES (?, ?)
