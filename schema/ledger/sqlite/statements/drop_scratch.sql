DROP TABLE IF EXISTS temp.scratch_statement;
DROP TABLE IF EXISTS temp.scratch_sid;
DROP TABLE IF EXISTS temp.scratch_mention;
