UPDATE token SET last_used = :time WHERE id = :id AND (last_used IS NULL OR last_used < :time)
