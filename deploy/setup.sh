#!/bin/sh
# Creates the files that docker-compose.yml needs and the repository does not contain: random secrets in deploy/secrets, and a
# directory and a policy to edit in deploy/config. Existing files are not changed.
set -eu
cd "$(dirname "$0")"

# Other users of this machine may not enter the folder. The files are readable for all, because containers run as different users.
mkdir -p secrets config
chmod 700 secrets

random() { od -An -N32 -tx1 /dev/urandom | tr -d ' \n'; }

secret() { # name, content
	if [ ! -e "secrets/$1" ]; then
		printf '%s' "$2" >"secrets/$1"
		chmod 444 "secrets/$1"
		echo "made deploy/secrets/$1"
	fi
}

example() { # name, example to copy
	if [ ! -e "config/$1" ]; then
		cp "$2" "config/$1"
		chmod 644 "config/$1"
		echo "made deploy/config/$1: edit it"
	fi
}

secret postgres_password "$(random)"
secret temporal_database_password "$(random)"
secret pmo_database_password "$(random)"
secret pmo_database_url "postgres://pmo:$(cat secrets/pmo_database_password)@postgres:5432/pmo?sslmode=disable"
secret pmo_app_database_password "$(random)"
secret pmo_app_database_url "postgres://pmo_app:$(cat secrets/pmo_app_database_password)@postgres:5432/pmo?sslmode=disable"
secret pmo_delivery_token "$(random)"
secret pmo_webhook_secret "$(random)"
secret pmo_notify_secret "whsec_$(head -c 32 /dev/urandom | base64 | tr -d '\n')"
secret pmo_oidc_client_secret "" # docs/operations.md, Signing in
example directory.yaml example/directory.yaml
example policy.yaml ../internal/policy/default.yaml
echo "next: deploy/token.sh ID for each person who may sign in, then docker compose up --detach --build"
