DELETE FROM blob WHERE sha256 IN (SELECT sha256 FROM attachment WHERE document = %(document)s)
  AND NOT EXISTS (
    SELECT 1 FROM attachment WHERE attachment.sha256 = blob.sha256 AND attachment.document <> %(document)s
  )
