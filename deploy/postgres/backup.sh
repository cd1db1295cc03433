#!/bin/sh
# Takes a base backup of the whole cluster, checks it and prints its name. Keeps the newest seven and the log since the oldest of them.
set -eu
backup="${PMO_BACKUP:-/var/lib/postgresql}"
name=$(date -u +%Y%m%dT%H%M%SZ)
mkdir -p "$backup/base"
rm -rf "$backup"/base/*.part
pg_basebackup --username=postgres --no-password --checkpoint=fast --wal-method=stream --pgdata="$backup/base/$name.part"
pg_verifybackup --quiet "$backup/base/$name.part"
mv "$backup/base/$name.part" "$backup/base/$name"
ls "$backup/base" | sort -r | tail -n +8 | while read -r old; do rm -rf "${backup:?}/base/$old"; done
oldest=$(ls "$backup/base" | sort | head -n 1)
first=$(sed -n 's/^START WAL LOCATION: .*(file \([0-9A-F]*\))$/\1/p' "$backup/base/$oldest/backup_label")
pg_archivecleanup -x .gz "$backup/archive" "$first"
echo "$name"
