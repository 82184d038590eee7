-- FULL: a token that was revoked stays so, whatever happens to the machine.
PRAGMA synchronous = FULL;
PRAGMA trusted_schema = OFF;
