SELECT id, digests FROM node WHERE id IN (SELECT value FROM json_each(?)) AND digests IS NOT NULL
