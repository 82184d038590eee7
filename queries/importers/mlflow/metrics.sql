-- Every point of every metric, run by run, series by series; the last row of a series is MLflow's latest value.
-- Columns: owner, key, step, time in ms, value (0 when it is not a number), whether it is not a number.
SELECT run_uuid, key, step, timestamp, value, is_nan
FROM metrics
ORDER BY run_uuid, key, step, timestamp, value;
