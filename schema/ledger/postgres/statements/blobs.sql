SELECT sha256 FROM attachment WHERE document = %s ORDER BY sha256
