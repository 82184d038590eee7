INSERT INTO prefix (prefix, namespace, sequence) VALUES (%s, %s, %s)
