INSERT INTO tile (id, hashes) VALUES (%s, %s) ON CONFLICT (id) DO UPDATE SET hashes = excluded.hashes
