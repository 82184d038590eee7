UPDATE ledger SET version = %(version)s
