DELETE FROM sid WHERE key = %s AND statement = %s
