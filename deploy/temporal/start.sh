#!/bin/sh
# The image takes the password of its database from the environment only: read it from the secret, for this process alone.
set -eu
POSTGRES_PWD=$(cat /run/secrets/temporal_database_password)
export POSTGRES_PWD
exec /etc/temporal/entrypoint.sh
