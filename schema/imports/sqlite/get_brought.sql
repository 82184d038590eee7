SELECT documents FROM brought_by_import WHERE key = ?
