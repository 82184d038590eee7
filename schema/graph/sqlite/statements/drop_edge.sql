DELETE FROM edge WHERE source = ? AND relation = ? AND target = ? AND sid = ?
