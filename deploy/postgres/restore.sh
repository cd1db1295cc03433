#!/bin/sh
# restore.sh BASE [TIME]: replaces the stopped cluster by a base backup with all of the archived log, or with the log up to a time such as
# "2026-11-27 09:30:00+00". Postgres applies the log at its next start. The replaced cluster stays beside the new one.
set -eu
backup="${PMO_BACKUP:-/var/lib/postgresql}"
[ -f "$backup/base/$1/backup_label" ] || { echo "there is no base backup $1 in $backup/base" >&2; exit 1; }
if [ -e "$PGDATA" ]; then
	mv "$PGDATA" "$PGDATA.before-$(date -u +%Y%m%dT%H%M%SZ)"
fi
cp -a "$backup/base/$1" "$PGDATA"
settings="$PGDATA/postgresql.auto.conf"
sed -i '/^restore_command\|^recovery_target/d' "$settings" # of an earlier restore
{
	echo "restore_command = 'gunzip -c $backup/archive/%f.gz > %p'"
	echo "recovery_target_action = 'promote'"
	[ -z "${2:-}" ] || echo "recovery_target_time = '$2'"
} >>"$settings"
touch "$PGDATA/recovery.signal"
