UPDATE graph SET ledger_id = ?, sequence = ?, root = ?
