-- Run once by the Postgres image, on an empty volume: for the product and for Temporal a role that owns its databases. Neither role can
-- read the databases of the other. The product itself runs with the role of product_role.sql.
\set pmo_password `cat /run/secrets/pmo_database_password`
\set temporal_password `cat /run/secrets/temporal_database_password`

CREATE ROLE pmo LOGIN PASSWORD :'pmo_password';
CREATE ROLE temporal LOGIN PASSWORD :'temporal_password';
-- A cached generic plan for looking up the current execution would scan all retained executions of a workflow id.
ALTER ROLE temporal SET plan_cache_mode = force_custom_plan;

CREATE DATABASE pmo OWNER pmo;
CREATE DATABASE temporal OWNER temporal;
CREATE DATABASE temporal_visibility OWNER temporal;
REVOKE ALL ON DATABASE pmo, temporal, temporal_visibility FROM PUBLIC;
