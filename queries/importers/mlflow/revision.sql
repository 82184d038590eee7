-- The revision of MLflow's schema (Alembic). Columns: version_num.
SELECT version_num FROM alembic_version;
