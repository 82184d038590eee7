-- Parameters of logged models. Columns: owner, key, value.
SELECT model_id, param_key, param_value FROM logged_model_params ORDER BY model_id, param_key;
