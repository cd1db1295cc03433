#!/bin/sh
# Creates a new token for a person in deploy/config/directory.yaml: prints it once and stores only its SHA-256. The old token is
# invalid a few seconds later: server and worker read the file again.
set -eu
id=${1:?usage: deploy/token.sh ID}
directory=$(dirname "$0")/config/directory.yaml

grep -q "{id: $id," "$directory" || { echo "$directory lists no principal $id on a line of its own" >&2; exit 1; }
token=$(od -An -N32 -tx1 /dev/urandom | tr -d ' \n')
hash=$(printf %s "$token" | sha256sum | cut -d ' ' -f 1)
# Overwritten in place: the containers would not see a new file through the bind mount.
changed=$(sed "/{id: $id,.*token_sha256/s/token_sha256: [0-9a-f]*/token_sha256: $hash/" "$directory")
printf '%s\n' "$changed" | grep -q "$hash" || { echo "the line of $id has no token_sha256" >&2; exit 1; }
printf '%s\n' "$changed" >"$directory"
echo "$token"
