INSERT INTO attachment (document, sha256) VALUES (%s, %s) ON CONFLICT DO NOTHING
