SELECT version, id FROM ledger
