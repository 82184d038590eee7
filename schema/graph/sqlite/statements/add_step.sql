INSERT OR REPLACE INTO step (relation, state, next_state, target, option) VALUES (?, ?, ?, ?, ?)
