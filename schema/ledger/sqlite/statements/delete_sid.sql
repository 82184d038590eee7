DELETE FROM sid WHERE key = ? AND statement = ?
