SELECT root FROM entry WHERE sequence = %(sequence)s
