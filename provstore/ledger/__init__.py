"""The truth: documents come in, receipts go out after they are durable; entries never change.

`contract` is what every ledger offers; `sqlite` is the default one. Source: rules 5 to 18.
"""
