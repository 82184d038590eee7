INSERT OR IGNORE INTO main.bundle (iri)
SELECT bundle FROM temp.scratch_statement WHERE bundle IS NOT NULL GROUP BY bundle ORDER BY min(position)
