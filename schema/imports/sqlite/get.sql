SELECT memory FROM remembered_import WHERE key = ?
