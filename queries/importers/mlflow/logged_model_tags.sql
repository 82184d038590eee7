-- Tags of logged models. Columns: owner, key, value.
SELECT model_id, tag_key, tag_value FROM logged_model_tags ORDER BY model_id, tag_key;
