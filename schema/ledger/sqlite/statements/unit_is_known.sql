SELECT 1 FROM document WHERE space = ? AND unit = ? LIMIT 1
