-- Metric points of logged models, the last of each metric and data set last. Columns: owner, name, step, time in ms,
-- value, run, data set.
SELECT model_id, metric_name, metric_step, metric_timestamp_ms, metric_value, run_id, dataset_name
FROM logged_model_metrics
ORDER BY model_id, metric_name, dataset_name, metric_step, metric_timestamp_ms, metric_value;
