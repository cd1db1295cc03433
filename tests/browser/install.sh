#!/usr/bin/env bash
# Installs what the browser tests use, where that is possible: chromium as root on Debian, axe-core with npm. Elsewhere it says what is
# missing and ends with success; the tests then say what they leave out, or fail in CI.
set -euo pipefail

# axe-core finds faults of accessibility. The version is pinned by the digest of its archive.
axe_version=4.14.1
axe_digest=e6b0ce02b84d892e2e33e403485e7f3d6c29e2be6df65daf44d89ba564139745
axe=bin/axe.min.js

can_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

apt_install() {
	echo "installing with apt-get: $*"
	export DEBIAN_FRONTEND=noninteractive
	apt-get update -q && apt-get install -q -y --no-install-recommends "$@" || echo "could not be installed: $*; the browser tests will say so"
}

install_axe() {
	if [ -f "$axe" ] && grep -q "axe v$axe_version" "$axe"; then return; fi
	if ! command -v npm >/dev/null && can_install; then apt_install npm; fi
	if ! command -v npm >/dev/null; then
		echo "no npm: the pages are not checked with axe-core; install npm, or name a copy of axe.min.js $axe_version with PMO_AXE"
		return
	fi
	echo "fetching with npm: axe-core $axe_version"
	local folder
	folder=$(mktemp -d)
	if (cd "$folder" && npm pack --silent "axe-core@$axe_version" >/dev/null && echo "$axe_digest  axe-core-$axe_version.tgz" | sha256sum --check --quiet) &&
		tar -xzf "$folder/axe-core-$axe_version.tgz" -C "$folder" package/axe.min.js; then
		mkdir -p bin && mv "$folder/package/axe.min.js" "$axe"
	else
		echo "axe-core could not be fetched: the tests will say so"
	fi
	rm -r "$folder"
}

install_chromium() {
	if command -v "${CHROME:-chromium}" >/dev/null; then return; fi
	if [ -n "${CHROME:-}" ] || ! can_install; then
		echo "no ${CHROME:-chromium}: the browser tests need one; install chromium, or name another browser with CHROME"
		return
	fi
	apt_install chromium fonts-dejavu-core
}

install_axe
install_chromium
