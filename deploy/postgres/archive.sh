#!/bin/sh
# Stores a finished segment of the write-ahead log, compressed. Postgres calls it with the path and the name, again after a failure.
# A stored segment is never replaced by another one.
set -eu
archive="${PMO_BACKUP:-/var/lib/postgresql}/archive"
mkdir -p "$archive"
if [ -e "$archive/$2.gz" ]; then
	gunzip -c "$archive/$2.gz" | cmp -s - "$1"
	exit
fi
gzip -c "$1" >"$archive/$2.part"
sync "$archive/$2.part"
mv "$archive/$2.part" "$archive/$2.gz"
