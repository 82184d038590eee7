SELECT sequence, time, first_leaf + leaves, root FROM entry WHERE sequence <= :sequence ORDER BY sequence DESC LIMIT 1
