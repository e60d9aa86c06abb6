#!/usr/bin/env bash
# Run every test.  Last line: "N passed, N failed"; exit status 1 if anything failed.
#
#   TESTS="core pg_regress"   only these kinds (core fuzz pg_regress isolation pgtap tap)
#   ONLY=name                 of these kinds only the files whose name contains it (counts are not compared)
#   PG_CONFIG=...             the PostgreSQL to test with
#   CI=true                   warnings are errors, and clang has to accept the source too
#   FUZZ_SECONDS=60           how long each fuzzer runs
#   LOGS=dir                  where the logs are kept (default: a new folder in /tmp, kept if something failed)
#   KEEP=1                    keep everything: the copy, the clusters, the logs
#
# All of it happens in a copy of the tree and of the server's programs (tools/private.sh): the system's PostgreSQL
# is only read.  PostgreSQL refuses to run as root, so root hands the copy to an unprivileged user first.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
source=$PWD
export LC_ALL=C
unset PGHOST PGPORT PGUSER PGDATABASE PGOPTIONS PGSERVICE PGPASSWORD MAKEFLAGS MAKELEVEL MFLAGS

all_kinds="core fuzz pg_regress isolation pgtap tap"
kinds=${TESTS:-$all_kinds}
only=${ONLY:-}
started=$SECONDS
passed=0
failed=0

say() { printf '%s\n' "$*"; }
give_up() { # what failed, its log
	say "FAILED: $1"
	[ -z "${2:-}" ] || tail -n "${TAIL:-40}" "$2"
	say "0 passed, 1 failed"
	exit 1
}
for kind in $kinds; do
	case " $all_kinds " in *" $kind "*) ;; *) give_up "no such kind of test: $kind (there are: $all_kinds)" ;; esac
done

tools/setup.sh </dev/null || give_up "tools/setup.sh"

# ---------------------------------------------------------------- who, where, with what

export PG_CONFIG=${PG_CONFIG:-pg_config}
PG_CONFIG=$(command -v "$PG_CONFIG") || give_up "no $PG_CONFIG"
pgxs=$(dirname "$("$PG_CONFIG" --pgxs)")/../..
work=$(mktemp -d /tmp/yibao-test.XXXXXX)
chmod 755 "$work"
logs=${LOGS:-$work/logs}
tree=$work/tree
mkdir -p "$logs" "$tree"
logs=$(cd "$logs" && pwd)

runner=
if [ "$(id -u)" = 0 ]; then
	runner=postgres
	id -u postgres >/dev/null 2>&1 || runner=nobody
fi
# Run a command as the user who may start a server.
as_runner() {
	if [ -n "$runner" ]; then
		runuser -u "$runner" -- env HOME="$work" "$@"
	else
		"$@"
	fi
}

server_running=
finish() {
	[ -z "$server_running" ] || as_runner pg_ctl -D "$work/data" -m immediate stop >/dev/null 2>&1
	[ -z "$(jobs -p)" ] || kill $(jobs -p) 2>/dev/null
	[ -z "${KEEP:-}" ] || return
	if [ "$failed" = 0 ] || [ -n "${LOGS:-}" ]; then
		rm -rf "$work"
	else
		find "$work" -mindepth 1 -maxdepth 1 ! -path "$logs" -exec rm -rf {} +
	fi
}
trap finish EXIT
trap 'exit 130' INT TERM

# ---------------------------------------------------------------- build and install

step() { # name, log, command...
	local name=$1 log=$logs/$2
	shift 2
	say "$name"
	"$@" >"$log" 2>&1 </dev/null || { failed=1; give_up "$name (log: $log)" "$log"; }
}
copy() {
	(cd "$source" && tar --exclude=./.git --exclude='*.o' --exclude='*.so' --exclude='*.d' --exclude='*.bc' \
		--exclude=./build -cf - .) | tar -xf - -C "$1"
}
jobs=$(nproc 2>/dev/null || echo 2)
werror=
[ "${CI:-}" = true ] && werror=WERROR=1

say "yibao on $("$PG_CONFIG" --version), in $work"
copy "$tree" || give_up "copying the tree"
cd "$tree" || exit 1
step "building" build.log make -s -j"$jobs" $werror all
if [ -n "$werror" ]; then
	mkdir "$work/clang"
	copy "$work/clang"
	step "building with clang" clang.log make -s -j"$jobs" -C "$work/clang" CC=clang $werror all
	rm -rf "$work/clang"
fi
[ -z "$runner" ] || chown -R "$runner" "$work" "$logs"
step "installing into a private copy of the server" install.log as_runner tools/private.sh "$work/root" $werror
bindir=$work/root$("$PG_CONFIG" --bindir)
case " $kinds " in *" tap "*)
	step "building the libraries of the upgrade test" upgrade-libs.log as_runner make -s build/yibao-0.9.so build/yibao-1.1.so ;;
esac

# ---------------------------------------------------------------- counting

# Add up one kind; a kind with no test, or with fewer than test/count says, has failed.
report() { # kind passed failed
	local kind=$1 p=$2 f=$3 least
	if [ "$((p + f))" = 0 ]; then
		say "  $kind has no test"
		f=1
	fi
	if [ -z "$only" ]; then
		least=$(awk -v kind="$kind" '$1 == kind {print $2}' test/count 2>/dev/null)
		if [ -z "$least" ]; then
			say "  test/count names no number for $kind"
			f=$((f + 1))
		elif [ "$p" -lt "$least" ] && [ "$f" = 0 ]; then
			say "  $kind passed $p, but test/count says at least $least"
			f=$((f + 1))
		fi
	fi
	passed=$((passed + p))
	failed=$((failed + f))
	say "$kind: $p passed, $f failed  ($((SECONDS - kind_started)) s)"
}
select_files() { # glob...: those that exist and fit ONLY
	local file
	for file in "$@"; do
		[ -e "$file" ] || continue
		[ -z "$only" ] || [[ ${file##*/} == *"$only"* ]] || continue
		printf '%s\n' "$file"
	done
}
# Judge a TAP file: prints "passed failed why". A skipped test has not passed, a missing plan or a bad exit is a failure.
judge_tap() { # log exit-status
	awk -v status="$2" '
		/^1\.\.[0-9]+/ { split($0, plan, /[. ]+/); planned = plan[2]; has_plan = 1; skip_all = /# *[Ss][Kk][Ii][Pp]/; next }
		/^not ok/ { seen++; bad++; next }
		/^ok/ { seen++; if ($0 ~ /# *[Ss][Kk][Ii][Pp]/) skipped++; else good++; next }
		/^Bail out!/ { bad++ }
		END {
			if (!has_plan) why = "no plan"
			else if (skip_all || skipped) why = "something was skipped"
			else if (planned != seen) why = "planned " planned ", ran " seen + 0
			else if (status != 0) why = "exit status " status
			if (!bad && why != "") bad = 1
			print good + 0, bad + 0, why
		}' "$1"
}
tap_file() { # kind, file, exit status, log: adds to p and f
	local good bad why
	read -r good bad why < <(judge_tap "$4" "$3")
	p=$((p + good))
	f=$((f + bad))
	if [ "$bad" = 0 ]; then
		say "  $2: $good passed"
	else
		say "  $2: $good passed, $bad FAILED${why:+, $why} (log: $4)"
		grep -A6 -E '^not ok|ERROR:|^Bail out|runtime error|AddressSanitizer' "$4" | head -n "${TAIL:-40}"
		say "  ... the end of it:"
		tail -n 8 "$4"
	fi
}

# ---------------------------------------------------------------- the core: no server

sanitize="-g -O1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all"
run_core() {
	local file name status p=0 f=0 objects=
	mkdir -p "$work/core"
	for file in src/core/*.c; do
		name=$work/core/$(basename "$file" .c).o
		objects="$objects $name"
		printf '%s %s\n' "$file" "$name"
	done | xargs -r -P "$jobs" -n 2 sh -c 'gcc $0 -std=gnu11 -Wall -Wextra -Isrc -c "$1" -o "$2"' "$sanitize" \
		>"$logs/core-build.log" 2>&1 || true
	for file in $(select_files test/core/test_*.c); do
		name=$(basename "$file" .c)
		status=0
		# shellcheck disable=SC2086
		gcc $sanitize -std=gnu11 -Wall -Wextra -Isrc -Itest/core "$file" $(ls "$work"/core/*.o) -lm -o "$work/core/$name" \
			>"$logs/core-$name.log" 2>&1 && as_runner "$work/core/$name" >"$logs/core-$name.log" 2>&1 </dev/null || status=$?
		tap_file core "$file" "$status" "$logs/core-$name.log"
	done
	report core "$p" "$f"
}
run_fuzz() {
	local file name p=0 f=0 seconds=${FUZZ_SECONDS:-60} names=
	mkdir -p "$work/fuzz"
	for file in $(select_files test/core/fuzz_*.c); do
		name=$(basename "$file" .c)
		names="$names $name"
		mkdir -p "$work/fuzz/$name.corpus"
		[ ! -d "test/core/corpus/$name" ] || cp "test/core/corpus/$name"/* "$work/fuzz/$name.corpus/" 2>/dev/null
	done
	[ -z "$runner" ] || chown -R "$runner" "$work/fuzz"
	printf '%s\n' $names | xargs -r -P "$jobs" -I{} sh -c '
		clang -g -O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all -std=gnu11 -Isrc -Itest/core \
			"test/core/{}.c" src/core/*.c -lm -o "$0/fuzz/{}" >"$1/{}.log" 2>&1; echo $? >"$0/fuzz/{}.built"' "$work" "$logs"
	run_one() {
		local status=1
		if [ "$1" = fuzz_policy ]; then
			as_runner env PG_CONFIG="$PG_CONFIG" tools/fuzz_policy.sh "$bindir" "$work/fuzz/policy" "$logs/$1." "$seconds" \
				>"$logs/$1.log" 2>&1 </dev/null
			status=$?
		elif [ "$(cat "$work/fuzz/$1.built")" = 0 ]; then
			(cd "$work/fuzz" && as_runner "./$1" -max_total_time="$seconds" -artifact_prefix="$logs/$1." -print_final_stats=1 \
				"$1.corpus" >>"$logs/$1.log" 2>&1 </dev/null)
			status=$?
		fi
		echo "$status" >"$work/fuzz/$1.status"
	}
	[ -z "$(select_files test/fuzz/fuzz_policy.c)" ] || names="$names fuzz_policy"
	local running=0
	for name in $names; do
		run_one "$name" &
		running=$((running + 1))
		if [ "$running" -ge "$jobs" ]; then wait -n; running=$((running - 1)); fi
	done
	wait
	for name in $names; do
		if [ "$(cat "$work/fuzz/$name.status")" = 0 ]; then
			p=$((p + 1))
			say "  $name: $(awk '/^stat::number_of_executed_units/ {print $2}' "$logs/$name.log") inputs in $seconds s"
		else
			f=$((f + 1))
			say "  $name FAILED (log: $logs/$name.log)"
			tail -n "${TAIL:-40}" "$logs/$name.log"
		fi
	done
	report fuzz "$p" "$f"
}

# ---------------------------------------------------------------- with a server

export PATH="$bindir:$PATH"
start_server() {
	[ -z "$server_running" ] || return 0
	export PGHOST=$work PGPORT=65432 PGUSER=yibao_test
	as_runner initdb -D "$work/data" -U "$PGUSER" -A trust --encoding=UTF8 --no-locale -N >"$logs/initdb.log" 2>&1 ||
		{ failed=1; give_up "initdb" "$logs/initdb.log"; }
	cat >>"$work/data/postgresql.conf" <<-CONF
		listen_addresses = ''
		unix_socket_directories = '$work'
		port = $PGPORT
		fsync = off
		max_connections = 50
		max_prepared_transactions = 10
		max_locks_per_transaction = 256
		timezone = 'UTC'
		log_line_prefix = '%m [%p] %d %a '
	CONF
	as_runner pg_ctl -D "$work/data" -w -l "$logs/server.log" start >"$logs/start.log" 2>&1 ||
		{ failed=1; give_up "starting a server" "$logs/server.log"; }
	server_running=1
}
# pg_regress and pg_isolation_regress: what they print differs by version, so cases are counted in both forms.
regress_like() { # kind, program, options..., -- cases
	local kind=$1 program=$2 status=0 p f
	shift 2
	as_runner "$pgxs/$program" --bindir="$bindir" --host="$PGHOST" --port="$PGPORT" --user="$PGUSER" \
		--encoding=UTF8 --no-locale "$@" >"$logs/$kind.log" 2>&1 </dev/null || status=$?
	p=$(grep -cE '^(ok [0-9]+ +[-+] |test .* \.\.\. ok|.* \.\.\. +ok)' "$logs/$kind.log")
	f=$(grep -cE '^(not ok|.* \.\.\. (FAILED|failed))' "$logs/$kind.log")
	[ "$status" = 0 ] || [ "$f" -gt 0 ] || f=1
	if [ "$f" != 0 ]; then
		grep -E '^(not ok|.*(FAILED|failed)|#)' "$logs/$kind.log" || tail -n 20 "$logs/$kind.log"
		local diffs
		for diffs in regression.diffs test/isolation/regression.diffs "$work/$kind/regression.diffs"; do
			[ -e "$diffs" ] || continue
			cp "$diffs" "$logs/$kind.diffs"
			say "  all differences: $logs/$kind.diffs"
			head -n "${TAIL:-120}" "$diffs"
		done
		[ "$f" != 1 ] || tail -n 5 "$logs/$kind.log"
	fi
	report "$kind" "$p" "$f"
}
run_pg_regress() {
	local cases
	cases=$(select_files sql/*.sql | sed 's,^sql/,,; s,\.sql$,,')
	[ -n "$cases" ] || { report pg_regress 0 0; return; }
	start_server
	as_runner mkdir -p "$work/pg_regress"
	regress_like pg_regress src/test/regress/pg_regress --inputdir="$tree" --outputdir="$work/pg_regress" \
		--dbname=yibao_regress $cases
}
run_isolation() {
	local cases
	cases=$(select_files test/isolation/specs/*.spec | sed 's,.*/,,; s,\.spec$,,')
	[ -n "$cases" ] || { report isolation 0 0; return; }
	start_server
	as_runner mkdir -p "$work/isolation"
	regress_like isolation src/test/isolation/pg_isolation_regress --inputdir="$tree/test/isolation" \
		--outputdir="$work/isolation" --dbname=yibao_isolation $cases
}
run_pgtap() {
	local file name status p=0 f=0
	start_server
	as_runner createdb -T template0 yibao_pgtap &&
		as_runner psql -Xq -d yibao_pgtap -v ON_ERROR_STOP=1 -c 'CREATE EXTENSION yibao' -c 'CREATE EXTENSION pgtap' \
			>"$logs/pgtap.log" 2>&1 || { cat "$logs/pgtap.log"; report pgtap 0 1; return; }
	for file in $(select_files test/pgtap/*.sql); do
		name=$(basename "$file" .sql)
		status=0
		as_runner createdb -T yibao_pgtap "pgtap_$name"
		as_runner psql -XAtq -P pager=off -v ON_ERROR_STOP=1 -d "pgtap_$name" -f "$file" >"$logs/pgtap-$name.log" 2>&1 \
			</dev/null || status=$?
		tap_file pgtap "$file" "$status" "$logs/pgtap-$name.log"
		as_runner dropdb --if-exists "pgtap_$name"
	done
	report pgtap "$p" "$f"
}
run_tap() {
	local file name status p=0 f=0
	for file in $(select_files test/t/*.pl); do
		name=$(basename "$file" .pl)
		status=0
		as_runner mkdir -p "$work/tap/$name"
		# These start servers of their own.
		as_runner env -u PGHOST -u PGPORT -u PGUSER PGPORT=65431 TMPDIR="$work" \
			PERL5LIB="$pgxs/src/test/perl:$tree/test/t" PG_REGRESS="$pgxs/src/test/regress/pg_regress" \
			top_builddir="$work/tap" TESTDIR="$work/tap/$name" TESTDATADIR="$work/tap/$name" \
			TESTLOGDIR="$work/tap/$name/log" YIBAO_ROOT="$work/root" PG_TEST_NOCLEAN="${KEEP:-}" \
			perl "$file" >"$logs/tap-$name.log" 2>&1 </dev/null || status=$?
		cat "$work/tap/$name"/tmp_check/log/regress_log_* "$work/tap/$name"/log/regress_log_* \
			>"$logs/tap-$name-full.log" 2>/dev/null
		[ -s "$logs/tap-$name.log" ] || cp "$logs/tap-$name-full.log" "$logs/tap-$name.log"
		tap_file tap "$file" "$status" "$logs/tap-$name.log"
	done
	report tap "$p" "$f"
}

for kind in $kinds; do
	kind_started=$SECONDS
	say "$kind:"
	"run_$kind"
done
say "$((SECONDS - started)) s; logs: $([ "$failed" = 0 ] && [ -z "${LOGS:-}${KEEP:-}" ] && echo "not kept" || echo "$logs")"
say "$passed passed, $failed failed"
[ "$failed" = 0 ]
