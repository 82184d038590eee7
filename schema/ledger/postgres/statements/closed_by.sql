SELECT max(until) FROM live WHERE document = %s
