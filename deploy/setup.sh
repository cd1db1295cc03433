#!/bin/sh
# Makes what docker-compose.yml expects and the repository does not hold: random secrets in deploy/secrets, and a directory and a
# policy of your own in deploy/config. What is there already stays as it is.
set -eu
cd "$(dirname "$0")"

# Nobody else of this machine may enter the folder. In a container a secret is a file of its own, for whichever user runs there.
mkdir -p secrets config
chmod 700 secrets

random() { od -An -N32 -tx1 /dev/urandom | tr -d ' \n'; }

keep() { # name, content
	if [ ! -e "secrets/$1" ]; then
		printf '%s' "$2" >"secrets/$1"
		chmod 444 "secrets/$1"
		echo "made deploy/secrets/$1"
	fi
}

own() { # name, what to begin with
	if [ ! -e "config/$1" ]; then
		cp "$2" "config/$1"
		chmod 644 "config/$1"
		echo "made deploy/config/$1: make it yours"
	fi
}

keep postgres_password "$(random)"
keep temporal_database_password "$(random)"
keep pmo_database_password "$(random)"
keep pmo_database_url "postgres://pmo:$(cat secrets/pmo_database_password)@postgres:5432/pmo?sslmode=disable"
keep pmo_delivery_token "$(random)"
keep pmo_webhook_secret "$(random)"
keep pmo_notify_secret "whsec_$(head -c 32 /dev/urandom | base64 | tr -d '\n')"
own directory.yaml example/directory.yaml
own policy.yaml ../internal/policy/default.yaml
echo "next: deploy/token.sh ID for everybody who shall sign in, then docker compose up --detach --build"
