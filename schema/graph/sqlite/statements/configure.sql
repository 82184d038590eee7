PRAGMA synchronous = NORMAL;
PRAGMA cache_size = -32000;
PRAGMA temp_store = MEMORY;
-- Not every build of SQLite overwrites what is deleted, or was moved, and what is erased may be any of it.
PRAGMA secure_delete = ON;
