SELECT id, spaces, bundles, inferred FROM scope
