SELECT 1 FROM document WHERE space = :space AND unit = :unit LIMIT 1
