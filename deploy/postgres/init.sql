-- Run once by the Postgres image, on an empty volume: one role and its databases for each of the two who use the cluster.
-- Temporal keeps histories and what it searches apart from the pmo database; neither role can read the other's.
\set pmo_password `cat /run/secrets/pmo_database_password`
\set temporal_password `cat /run/secrets/temporal_database_password`

CREATE ROLE pmo LOGIN PASSWORD :'pmo_password';
CREATE ROLE temporal LOGIN PASSWORD :'temporal_password';
-- A cached generic plan for the current-run lookup would scan all retained runs of one workflow id.
ALTER ROLE temporal SET plan_cache_mode = force_custom_plan;

CREATE DATABASE pmo OWNER pmo;
CREATE DATABASE temporal OWNER temporal;
CREATE DATABASE temporal_visibility OWNER temporal;
REVOKE ALL ON DATABASE pmo, temporal, temporal_visibility FROM PUBLIC;
