INSERT INTO live (document, since) VALUES (?, ?)
