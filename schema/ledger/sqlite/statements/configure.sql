-- FULL: a commit is on disk before it returns. The cache holds the pages that a large document touches at random.
PRAGMA synchronous = FULL;
PRAGMA cache_size = -16384;
PRAGMA journal_size_limit = 67108864;
PRAGMA trusted_schema = OFF;
-- Not every build of SQLite overwrites what is deleted, or was moved, and what is erased may be any of it.
PRAGMA secure_delete = ON;
