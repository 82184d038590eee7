DELETE FROM statement WHERE id = %s
