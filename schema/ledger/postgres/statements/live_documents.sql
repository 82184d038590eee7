-- Numbers of the documents that are live as of an entry.
SELECT document.sequence FROM live JOIN document ON document.sequence = live.document
WHERE live.since <= %(as_of)s AND (live.until IS NULL OR live.until > %(as_of)s)
  AND (%(space)s::text IS NULL OR document.space = %(space)s)
ORDER BY document.sequence
