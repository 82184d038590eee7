DELETE FROM idempotency WHERE document = %(document)s
