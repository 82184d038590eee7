UPDATE document SET withdrawn = coalesce(withdrawn, %(sequence)s) WHERE sequence = %(document)s
