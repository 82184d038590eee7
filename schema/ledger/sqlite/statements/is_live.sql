SELECT since FROM live WHERE document = ? AND until IS NULL
