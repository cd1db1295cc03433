-- The role of server, worker and the other commands: it reads and adds to the ledgers and cannot change them. `pmo migrate`, which runs as the
-- owner pmo, gives it its rights. Run by the Postgres image on an empty volume, after init.sql; on an older volume run it by hand. Repeatable.
\set app_password `cat /run/secrets/pmo_app_database_password`

SELECT 'CREATE ROLE pmo_app LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'pmo_app') \gexec
ALTER ROLE pmo_app LOGIN PASSWORD :'app_password';
