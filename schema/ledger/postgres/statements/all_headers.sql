SELECT sequence, actor, header FROM entry WHERE header IS NOT NULL ORDER BY sequence
