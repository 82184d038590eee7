INSERT OR REPLACE INTO remembered_import (key, memory) VALUES (?, ?)
