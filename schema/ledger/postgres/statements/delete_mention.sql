DELETE FROM mention WHERE key = %s AND slot = %s AND statement = %s
