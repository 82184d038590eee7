SELECT sequence FROM document
WHERE space = :space AND unit = :unit AND mode = :mode AND content_digest = :content_digest LIMIT 1
