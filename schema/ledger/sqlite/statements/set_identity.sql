INSERT INTO ledger (version, id) VALUES (:version, :id)
