INSERT OR IGNORE INTO attachment (document, sha256) VALUES (?, ?)
