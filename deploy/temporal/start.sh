#!/bin/sh
# The image reads the database password only from the environment, so set it from the secret for this process.
set -eu
POSTGRES_PWD=$(cat /run/secrets/temporal_database_password)
export POSTGRES_PWD
exec /etc/temporal/entrypoint.sh
