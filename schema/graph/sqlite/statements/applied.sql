SELECT ledger_id, sequence, root FROM graph WHERE ledger_id IS NOT NULL
