UPDATE ledger SET version = :version
