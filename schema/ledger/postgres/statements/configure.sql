-- Only the ledger's own tables have names here. A client that is gone gives the lock back within a minute.
SET search_path = provstore;
SET tcp_keepalives_idle = 30;
SET tcp_keepalives_interval = 10;
SET tcp_keepalives_count = 3;
SET jit = off;
