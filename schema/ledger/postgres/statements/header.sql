SELECT header FROM entry WHERE sequence = %s
