SELECT (SELECT count(*) FROM sid), (SELECT count(*) FROM mention)
