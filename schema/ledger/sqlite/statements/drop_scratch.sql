-- What is dropped is not kept for a rollback: that would hold all of it in memory.
PRAGMA temp.journal_mode = OFF;
DROP TABLE IF EXISTS temp.scratch_statement;
DROP TABLE IF EXISTS temp.scratch_sid;
DROP TABLE IF EXISTS temp.scratch_mention;
