// Fragment of find: an attribute is one number within bounds, or something that is no number, or several.
coalesce(n[$key] >= $low AND n[$key] <= $high, n[$key] IS NOT NULL)
