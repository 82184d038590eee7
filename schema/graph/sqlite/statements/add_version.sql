INSERT INTO graph (version) VALUES (?)
