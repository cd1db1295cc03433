#!/usr/bin/env bash
# Installs the browser of the browser test where that is possible: as root on Debian. Elsewhere it says what is missing and ends with
# success; the test then says that it is left out, or fails in CI.
set -euo pipefail

command -v "${CHROME:-chromium}" >/dev/null && exit 0
if [ -n "${CHROME:-}" ] || [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
	echo "no ${CHROME:-chromium}: the browser test needs one; install chromium, or name another browser with CHROME"
	exit 0
fi
echo "installing with apt-get: chromium"
export DEBIAN_FRONTEND=noninteractive
apt-get update -q && apt-get install -q -y --no-install-recommends chromium fonts-dejavu-core ||
	echo "chromium could not be installed: the browser test will say so"
