#!/usr/bin/env bash
# Install what is built here into a private copy of PostgreSQL, and print the folder of its programs:
#
#   PATH=$(tools/private.sh /tmp/mine):$PATH
#
# Nothing outside the folder is written, nobody else's server sees it, no root is needed.  PostgreSQL finds its
# folders relative to its program, so programs are copied, with the path they were built for below the folder;
# the rest are links.  Called again it brings the installed files up to date.
# PG_CONFIG=... chooses the PostgreSQL; further arguments go to make.
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# -ge 1 ] || { echo "usage: $0 folder [make arguments]" >&2; exit 2; }
root=$1
shift
pg_config=${PG_CONFIG:-pg_config}
bindir=$("$pg_config" --bindir)
libdir=$("$pg_config" --pkglibdir)
sharedir=$("$pg_config" --sharedir)
localedir=$("$pg_config" --localedir)
major=$("$pg_config" --version | sed 's/^[^0-9]*\([0-9]*\).*/\1/')

if [ ! -x "$root$bindir/postgres" ]; then
	mkdir -p "$root$bindir" "$root$libdir" "$root$sharedir"
	cp -a "$bindir/." "$root$bindir"
	cp -as "$libdir/." "$root$libdir"
	cp -as "$sharedir/." "$root$sharedir"
	# The server's own messages in Chinese, where the package has them: ours stand beside them.
	mkdir -p "$root$localedir/zh_CN/LC_MESSAGES"
	find "$localedir/zh_CN/LC_MESSAGES" -name "*-$major.mo" ! -name 'yibao*' \
		-exec ln -sf -t "$root$localedir/zh_CN/LC_MESSAGES" {} + 2>/dev/null || true
	# A yibao that is installed in the system is not the one under test.
	find "$root$libdir" "$root$sharedir" -name 'yibao*' -prune -exec rm -rf {} +
fi
make -s PG_CONFIG="$pg_config" DESTDIR="$root" "$@" install >&2
chmod -R a+rX "$root"
echo "$root$bindir"
