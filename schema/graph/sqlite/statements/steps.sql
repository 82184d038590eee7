SELECT relation, state, next_state, target, option FROM step ORDER BY relation, state, next_state, target
