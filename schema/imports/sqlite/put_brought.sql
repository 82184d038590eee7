INSERT OR REPLACE INTO brought_by_import (key, documents) VALUES (?, ?)
