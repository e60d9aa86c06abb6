#!/usr/bin/env bash
# Install what building and testing yibao needs and this machine lacks: Debian 12 or later.
#
#   PG_MAJOR=17       another PostgreSQL than the one that pg_config names (or, without one, the distribution's)
#   PG_CONFIG=...     that pg_config
#   YES=1             install although a PostgreSQL server is running here
#   ALSO="..."        further packages (tools/bench.sh asks for python3-numpy)
#
# It creates no cluster and touches none.  With everything there it only looks, in well under a second.
set -euo pipefail

say() { echo "setup: $*"; }
die() { echo "setup: $*" >&2; exit 1; }

command -v dpkg-query >/dev/null || die "this machine is not Debian; install by hand: PostgreSQL 15 or later with its server headers, pgTAP, IPC::Run for Perl, ICU headers, pkg-config, gettext, clang"

sudo=
if [ "$(id -u)" != 0 ]; then sudo=sudo; fi
as_root() {
	[ -z "$sudo" ] || command -v sudo >/dev/null || die "not root and no sudo here: as root, run $0"
	$sudo env DEBIAN_FRONTEND=noninteractive "$@"
}

major_here() {
	if [ -n "${PG_MAJOR:-}" ]; then
		echo "$PG_MAJOR"
	elif command -v "${PG_CONFIG:-pg_config}" >/dev/null; then
		"${PG_CONFIG:-pg_config}" --version | sed -E 's/^PostgreSQL ([0-9]+).*/\1/'
	fi
}

updated=
update() {
	[ -z "$updated" ] || return 0
	say "reading the package lists"
	as_root apt-get update -qq
	updated=1
}

major=$(major_here)
if [ -z "$major" ]; then
	# The package "postgresql" depends on the distribution's version.
	for attempt in 1 2; do
		major=$(apt-cache depends postgresql 2>/dev/null | sed -nE 's/^ *Depends: postgresql-([0-9]+)$/\1/p' | head -n 1)
		[ -n "$major" ] && break
		update
	done
	[ -n "$major" ] || die "apt knows no package postgresql"
fi

packages="gcc make postgresql-$major postgresql-server-dev-$major postgresql-$major-pgtap
	libipc-run-perl hledger libicu-dev pkg-config gettext locales clang libclang-rt-dev ${ALSO:-}"
# From Debian 13 on, pkg-config is another name of pkgconf.
have=$(dpkg-query -W -f='${Package} ${db:Status-Status}\n' $packages pkgconf 2>/dev/null | awk '$2 == "installed" {print $1}' || true)
missing=
for package in $packages; do
	if ! grep -qx -- "$package" <<<"$have" && ! { [ "$package" = pkg-config ] && grep -qx pkgconf <<<"$have"; }; then
		missing="$missing $package"
	fi
done

if [ -n "$missing" ]; then
	if [ -z "${YES:-}" ] && grep -qsx postgres /proc/[0-9]*/comm; then
		die "a PostgreSQL server is running here, so nothing is installed unasked. Missing:$missing
setup: to install them: YES=1 $0"
	fi
	update
	# The server's package would start a cluster on port 5432; for this run it is told not to.
	conf=/etc/postgresql-common/createcluster.d/yibao.conf
	trap 'as_root rm -f "$conf"' EXIT
	as_root mkdir -p "${conf%/*}"
	as_root sh -c "echo 'create_main_cluster = false' >$conf"
	say "installing$missing"
	as_root apt-get install -y -qq --no-install-recommends $missing >/tmp/yibao-setup.$$.log 2>&1 || {
		tail -n 20 /tmp/yibao-setup.$$.log >&2
		die "apt-get failed; all of its output: /tmp/yibao-setup.$$.log"
	}
	rm -f /tmp/yibao-setup.$$.log
fi

# One test reads messages in Chinese.
if ! locale -a 2>/dev/null | grep -qix 'zh_CN\.utf-\?8'; then
	say "generating the locale zh_CN.UTF-8"
	as_root sh -c "grep -qx 'zh_CN.UTF-8 UTF-8' /etc/locale.gen 2>/dev/null || echo 'zh_CN.UTF-8 UTF-8' >>/etc/locale.gen"
	as_root locale-gen >/dev/null
fi
