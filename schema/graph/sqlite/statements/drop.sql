DELETE FROM edge;
DELETE FROM digest;
DELETE FROM node;
DELETE FROM scope;
UPDATE graph SET ledger_id = NULL, sequence = NULL, root = NULL;
