SELECT sequence, withdrawn FROM document WHERE withdrawn IS NOT NULL
