SELECT since FROM live WHERE document = %s AND until IS NULL
