SELECT count(*) FROM tile
