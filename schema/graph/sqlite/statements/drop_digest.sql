DELETE FROM digest WHERE value = ? AND node = ?
