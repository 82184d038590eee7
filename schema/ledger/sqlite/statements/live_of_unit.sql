SELECT document.sequence FROM document JOIN live ON live.document = document.sequence AND live.until IS NULL
WHERE document.space = :space AND document.unit = :unit
ORDER BY document.sequence
