UPDATE entry SET header = NULL, salt = NULL WHERE sequence = %(document)s
