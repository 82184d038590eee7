DELETE FROM mention WHERE key = ? AND slot = ? AND statement = ?
