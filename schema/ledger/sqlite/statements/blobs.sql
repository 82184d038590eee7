SELECT sha256 FROM attachment WHERE document = ? ORDER BY sha256
