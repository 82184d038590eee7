SELECT sequence, time, first_leaf + leaves, root FROM entry WHERE sequence <= %(sequence)s ORDER BY sequence DESC LIMIT 1
