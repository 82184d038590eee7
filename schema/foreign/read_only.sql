-- Settings of a connection to another program's SQLite file: nothing in that file can run or change anything.
PRAGMA query_only = ON;
PRAGMA trusted_schema = OFF;
PRAGMA cell_size_check = ON;
PRAGMA mmap_size = 0;
-- Sorts of large foreign tables spill to files of our own temporary directory, not to memory.
PRAGMA temp_store = FILE;
