PRAGMA shrink_memory;
