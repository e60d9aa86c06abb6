#!/usr/bin/env bash
# Show the main job of yibao on a throw-away server: make demo
#
#   demo/run.sh [zh|en]   language; without it, English where LANG is English, else Chinese
#   KEEP=1                leave the server running and say how to reach it
#   CLAIMS=30000          how large the population is
#
# Nothing that exists is touched: the server lives in a new folder under /tmp and goes when the demo ends.
set -euo pipefail
cd "$(dirname "$0")/.."
source=$PWD

lang=${1:-}
if [ -z "$lang" ]; then
	case "${LANG:-}" in en*) lang=en ;; *) lang=zh ;; esac
fi
case "$lang" in
	zh | zh_* | zh-*) lang=zh ;;
	en | en_* | en-*) lang=en ;;
	*) echo "usage: $0 [zh|en]" >&2; exit 2 ;;
esac
say() { if [ "$lang" = zh ]; then echo "$1"; else echo "$2"; fi; }

say "== 准备环境、编译(首次约需一分钟)" "== setting up and building (about a minute the first time)"
tools/setup.sh
unset PGHOST PGPORT PGUSER PGDATABASE PGOPTIONS PGSERVICE PGPASSWORD
unset MAKEFLAGS MAKELEVEL MFLAGS
export PG_CONFIG=${PG_CONFIG:-pg_config}

work=$(mktemp -d /tmp/yibao-demo.XXXXXX)
chmod 755 "$work"
mkdir "$work/tree"
tar --exclude=./.git --exclude='*.o' --exclude='*.so' --exclude='*.d' --exclude='*.bc' --exclude=./build -cf - . |
	tar -xf - -C "$work/tree"
cd "$work/tree"

runner=
if [ "$(id -u)" = 0 ]; then
	runner=postgres
	id -u postgres >/dev/null 2>&1 || runner=nobody
	chown -R "$runner" "$work"
fi
as_runner() {
	if [ -n "$runner" ]; then runuser -u "$runner" -- env HOME="$work" "$@"; else "$@"; fi
}

finish() {
	if [ -z "${KEEP:-}" ]; then
		[ ! -f "$work/data/postmaster.pid" ] || as_runner "$bindir/pg_ctl" -s -D "$work/data" -m immediate stop || true
		rm -rf "$work"
	fi
}
bindir=
trap finish EXIT
trap 'exit 130' INT TERM

quiet() { # log, command...
	local log=$work/$1
	shift
	"$@" >"$log" 2>&1 </dev/null || { tail -n 30 "$log" >&2; exit 1; }
}
quiet build.log as_runner make -s -j"$(nproc)" all
quiet install.log as_runner tools/private.sh "$work/root"
bindir=$work/root$("$PG_CONFIG" --bindir)

zh=false
messages=C
if [ "$lang" = zh ]; then
	zh=true
	messages=zh_CN.UTF-8
fi
quiet initdb.log as_runner "$bindir/initdb" -D "$work/data" -U centre --encoding=UTF8 --no-locale --auth=trust
cat >>"$work/data/postgresql.conf" <<CONF
listen_addresses = ''
unix_socket_directories = '$work'
fsync = off
shared_buffers = '256MB'
timezone = 'UTC'
lc_messages = '$messages'
CONF
quiet start.log as_runner "$bindir/pg_ctl" -w -D "$work/data" -l "$work/server.log" start

export PGHOST=$work PGDATABASE=postgres PGCLIENTENCODING=UTF8 PGOPTIONS="-c client_min_messages=warning"
if [ "$lang" = zh ]; then
	export LC_ALL=$messages # psql's own words
fi
claims=${CLAIMS:-30000}
sql() { # user, file
	as_runner "$bindir/psql" -X -q -U "$1" -v ON_ERROR_STOP=1 -v zh="$zh" -v lang="$lang" -v policies="$work/root$("$PG_CONFIG" --sharedir)/yibao/policies" -v VERBOSITY=default <"$2" 2>&1
}
# A file as a hospital system sends it, copied in by the clerk while a line shows how far it is.
population() {
	local file=$work/population.tsv columns done_ pid
	as_runner "$bindir/psql" -X -q -U centre -v ON_ERROR_STOP=1 -v zh="$zh" -v claims="$claims" -v file="$file" \
		-f demo/04_population.sql
	columns=$(awk '/^-- columns: /{sub(/^-- columns: /, ""); print}' demo/04_population.sql)
	as_runner "$bindir/psql" -X -q -U li -v ON_ERROR_STOP=1 -c "\\copy qinan.settlement ($columns) FROM '$file'" &
	pid=$!
	while kill -0 "$pid" 2>/dev/null; do
		done_=$(as_runner "$bindir/psql" -X -q -A -t -U centre -c \
			"SELECT tuples_processed FROM pg_stat_progress_copy" 2>/dev/null || true)
		if [ -n "$done_" ]; then
			printf '\r  COPY %8d / %d' "$done_" "$claims"
		fi
		sleep 0.3
	done
	wait "$pid"
	printf '\r  COPY %8d / %d\n' "$claims" "$claims"
}

# Each part is run by the person whose work it is: the DBA, the centre's clerks, an auditor.
for part in demo/[0-9][0-9]_*.sql; do
	case "$part" in
		demo/04_*) population ;;
		demo/11_*)
			mkdir -p "$source/build"
			sql "$(sed -n '1s/^-- as //p' "$part")" "$part" >"$work/demo.html" || { cat "$work/demo.html" >&2; exit 1; }
			cp "$work/demo.html" "$source/build/demo.html"
			echo
			say "== 以上结果的网页: build/demo.html" "== all of this as a page: build/demo.html"
			;;
		*) sql "$(sed -n '1s/^-- as //p' "$part")" "$part" ;;
	esac
done

if [ -n "${KEEP:-}" ]; then
	say "服务器仍在运行:" "the server is still running:"
	echo "  $bindir/psql -h $work -U centre postgres"
fi
