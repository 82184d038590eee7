INSERT OR IGNORE INTO main.scope (spaces, bundles, inferred)
SELECT spaces, bundles, 0 FROM temp.scratch_scope ORDER BY id
