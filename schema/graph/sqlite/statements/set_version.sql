UPDATE graph SET version = ?
