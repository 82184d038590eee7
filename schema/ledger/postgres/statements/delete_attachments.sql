DELETE FROM attachment WHERE document = %(document)s
