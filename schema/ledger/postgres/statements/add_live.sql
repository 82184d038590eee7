INSERT INTO live (document, since) VALUES (%s, %s)
