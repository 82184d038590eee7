DELETE FROM node WHERE id = ?
