-- What is dropped next is not kept for a rollback: that would hold all of it in memory.
PRAGMA temp.journal_mode = OFF
