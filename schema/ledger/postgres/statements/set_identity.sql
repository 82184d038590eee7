INSERT INTO ledger (version, id) VALUES (%(version)s, %(id)s)
