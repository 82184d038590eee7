DELETE FROM statement WHERE id = ?
