#!/usr/bin/env bash
# Measure.  Prints lines "bench NAME VALUE UNIT"; what it is doing, and which goal is met, goes to stderr.
#
#   BENCH_ROWS=2000000   claims of the reports; BENCH_BULK=200000 of the bulk settlement
#   BENCH_RUNS=5         rounds that count; one more warms up
#   BENCH_ONLY="core payout replay bulk single fund memory"   only these parts
#   BENCH_SECONDS=5      of a pgbench run
#   PGLEDGER_SQL=...     a checkout of github.com/pgr0ss/pgledger, or its SQL files in their order, to compare the fund with
#   PG_CONFIG=...        the PostgreSQL to measure with;  KEEP=1 leaves its server running
#
# Figures are CPU time of the backend, medians of interleaved rounds; ratios are taken inside a round, so that other
# load on the machine strikes both sides.  doc/bench.md says how to read them.  Fails when two ways of computing an
# amount differ, not when a goal is missed.
set -euo pipefail
cd "$(dirname "$0")/.."
source=$PWD
export LC_ALL=C
unset PGHOST PGPORT PGUSER PGDATABASE PGOPTIONS PGSERVICE PGPASSWORD MAKEFLAGS MAKELEVEL MFLAGS

rows=${BENCH_ROWS:-2000000}
bulk=${BENCH_BULK:-200000}
runs=${BENCH_RUNS:-5}
seconds=${BENCH_SECONDS:-5}
parts=${BENCH_ONLY:-core payout replay bulk single fund memory}
part_rows=$((rows < 200000 ? rows : 200000))
replay_rows=$((rows / 4))

say() { printf 'bench: %s\n' "$*" >&2; }
wanted() { case " $parts " in *" $1 "*) return 0 ;; esac; return 1; }

tools/setup.sh </dev/null >&2
export PG_CONFIG=${PG_CONFIG:-pg_config}
work=$(mktemp -d /tmp/yibao-bench.XXXXXX)
chmod 755 "$work"
runner=
if [ "$(id -u)" = 0 ]; then runner=postgres; fi
as_runner() {
	if [ -n "$runner" ]; then runuser -u "$runner" -- env HOME="$work" "$@"; else "$@"; fi
}
running=
finish() {
	[ -n "${KEEP:-}" ] && return
	[ -z "$running" ] || as_runner "$bindir/pg_ctl" -D "$work/data" -m immediate stop >/dev/null 2>&1 || true
	rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM

# ---------------------------------------------------------------- build, server

tree=$work/tree
mkdir "$tree"
tar --exclude=./.git --exclude='*.o' --exclude='*.so' --exclude='*.d' --exclude=./build -cf - . | tar -xf - -C "$tree"
cd "$tree"

if wanted core; then
	say "the core alone"
	gcc -O2 -std=gnu11 -Isrc test/bench/core_settle.c src/core/*.c -o "$work/core_settle"
	"$work/core_settle" | tee "$work/core" | while read -r name value; do echo "bench $name $value ns"; done
	per_second() { awk -v name="$1" -v as="$2" '$1 == name {printf "bench %s %.0f rows_per_s\n", as, 1e9 / $2}' "$work/core"; }
	per_second core_payout_ns payout_rows_per_s_core
	if (ALSO=python3-numpy tools/setup.sh </dev/null >&2) && /usr/bin/python3 test/bench/numpy_settle.py >>"$work/core" 2>"$work/numpy.log"; then
		per_second numpy_settle_ns numpy_rows_per_s
	else
		say "no numpy (Debian's python3-numpy) to be had: numpy_rows_per_s is left out"
	fi
	[ "$parts" != core ] || exit 0
fi

say "building ($work)"
make -s -j"$(nproc)" all >"$work/build.log" 2>&1 </dev/null || { tail -n 30 "$work/build.log" >&2; exit 1; }
[ -z "$runner" ] || chown -R "$runner" "$work"
bindir=$(as_runner tools/private.sh "$work/root" 2>"$work/install.log") || { tail -n 30 "$work/install.log" >&2; exit 1; }
as_runner "$bindir/initdb" -D "$work/data" -U postgres --encoding=UTF8 --no-locale >"$work/initdb.log" 2>&1 || { tail "$work/initdb.log" >&2; exit 1; }
memory=$(awk '/^MemTotal/ {print int($2 / 1024)}' /proc/meminfo)
cat >>"$work/data/postgresql.conf" <<CONF
listen_addresses = ''
unix_socket_directories = '$work'
port = 65440
shared_buffers = $((memory > 16000 ? 4096 : memory / 4))MB
work_mem = 256MB
max_wal_size = 20GB
checkpoint_timeout = 1h
jit = off
autovacuum = off
max_parallel_workers_per_gather = 0
fsync = on
timezone = 'UTC'
CONF
as_runner "$bindir/pg_ctl" -D "$work/data" -l "$work/server.log" -w start >/dev/null
running=1
export PGHOST=$work PGPORT=65440 PGUSER=postgres PGDATABASE=postgres
psql() { "$bindir/psql" -X -q -v ON_ERROR_STOP=1 "$@"; }
value() { psql -At -c "$1"; }
put() { value "SELECT bench.put('$1', $2, '$3', $([ -n "${4:-}" ] && echo "'$4'" || echo NULL))" >/dev/null; }

say "$(value "SELECT 'PostgreSQL ' || current_setting('server_version')"), $rows claims, $runs rounds"
psql -o /dev/null -v rows="$rows" -f test/bench/tables.sql
psql -o /dev/null -f test/bench/opponents.sql
psql -o /dev/null -f test/bench/report.sql

# A case of a round, as psql script: name, rows, statement.
timed() {
	cat <<SQL
SELECT bench.busy() AS busy, clock_timestamp() AS at \\gset
SELECT bench.cpu() AS start \\gset
$3
SELECT bench.cpu() AS stop \\gset
INSERT INTO bench.timing SELECT '$1', :round, $2, :stop - :start,
	greatest(0, bench.busy() - :busy - (:stop - :start)) / extract(epoch FROM clock_timestamp() - :'at') / 1000000000;
SQL
}
rounds() { # script of one round on stdin
	local round script
	script=$(cat)
	for round in $(seq 0 "$runs"); do
		printf '\\set round %s\n%s\n' "$round" "$script"
	done
}
run_rounds() { # prologue; rounds on stdin
	{ cat "$work/prologue.sql"; rounds; } >"$work/rounds.sql"
	psql -o /dev/null -f "$work/rounds.sql"
}
must_be_zero() { # what, query
	local n
	n=$(value "$2")
	[ "$n" = 0 ] || { say "WRONG: $1: $n differ"; exit 1; }
	say "equal: $1"
}

# ---------------------------------------------------------------- reports: payout

arguments="medfee_sumamt => c.medfee_sumamt, fulamt_ownpay_amt => c.fulamt_ownpay_amt, overlmt_selfpay => c.overlmt_selfpay,
	preselfpay_amt => c.preselfpay_amt, med_type => c.med_type, hosp_lv => c.hosp_lv, psn_idet_type => c.psn_idet_type,
	refl => c.refl, setl_time => c.setl_time, cum_ipt_hifp => c.cum_ipt_hifp"
plpgsql="bench.payout_plpgsql(c.medfee_sumamt, c.fulamt_ownpay_amt, c.overlmt_selfpay, c.preselfpay_amt,
	c.hosp_lv, c.psn_idet_type, c.refl, c.setl_time, c.cum_ipt_hifp)"
join=$(sed '/^--/d' test/bench/join.sql)
plain_join=$(sed '/^--/d' test/bench/join_plain.sql)
basic="(SELECT rules FROM bench.policy WHERE id = 'basic')"

bench_payout() {
	say "payout: same amounts in $part_rows rows?"
	must_be_zero "payout and the PL/pgSQL function" "
		SELECT count(*) FROM bench.claim_part c WHERE yibao.payout($basic, $arguments) IS DISTINCT FROM $plpgsql"
	local query
	for query in "$join" "$plain_join"; do
		must_be_zero "payout and the join" "
			SELECT count(*) FROM bench.claim_part c LEFT JOIN (${query/FROM bench.claim OFFSET/FROM bench.claim_part OFFSET}) j USING (setl_id)
			WHERE yibao.payout($basic, $arguments) IS DISTINCT FROM j.pay"
	done
	gcc -O2 -fPIC -shared -I"$("$PG_CONFIG" --includedir-server)" test/bench/floor.c -o "$work/floor.so"
	chmod 755 "$work/floor.so"
	psql -o /dev/null -v library="$work/floor.so" -f test/bench/floor.sql
	psql -o /dev/null -v document="$(cat "$(ls -S control/policies/*.json | head -n 1)")" <<'SQL'
-- more documents than the backend keeps compiled
CREATE TABLE bench.largest AS SELECT jsonb_set(yibao.policy_parse(:'document'), '{title,zh}', to_jsonb(i::text)) AS rules
FROM generate_series(1, 100) i;
SQL
	say "payout: rounds"
	cat >"$work/prologue.sql" <<SQL
SELECT rules AS basic FROM bench.policy WHERE id = 'basic' \\gset
SELECT rules AS three FROM bench.policy WHERE id = 'three' \\gset
PREPARE param(jsonb) AS SELECT sum(yibao.payout(\$1, $arguments)) FROM bench.claim c;
PREPARE literal AS SELECT sum(yibao.payout(:'basic'::jsonb, $arguments)) FROM bench.claim c;
PREPARE floor AS SELECT sum(bench.floor(:'basic'::jsonb, $arguments)) FROM bench.claim c;
PREPARE three AS SELECT sum(yibao.payout(:'three'::jsonb, $arguments)) FROM bench.claim c;
SQL
	{
		timed sum "$rows" "SELECT sum(medfee_sumamt) FROM bench.claim;"
		timed payout_floor "$rows" "EXECUTE floor;"
		timed payout "$rows" "EXECUTE literal;"
		timed policy_compile 100 "SELECT count(*) FILTER (WHERE yibao.policy_ok(rules)) FROM bench.largest;"
		echo "SET plan_cache_mode = force_custom_plan;"
		timed payout_param "$rows" "EXECUTE param(:'basic');"
		echo "SET plan_cache_mode = force_generic_plan;"
		timed payout_generic "$rows" "EXECUTE param(:'basic');"
		echo "RESET plan_cache_mode;"
		timed payout_initplan "$rows" "SELECT sum(yibao.payout($basic, $arguments)) FROM bench.claim c;"
		timed payout3 "$rows" "EXECUTE three;"
		timed join "$rows" "SELECT sum(pay) FROM ($join) s;"
		timed plain_join "$part_rows" "SELECT sum(pay) FROM (${plain_join/FROM bench.claim OFFSET/FROM bench.claim_part OFFSET}) s;"
		timed sum_part "$part_rows" "SELECT sum(medfee_sumamt) FROM bench.claim_part;"
		timed plpgsql "$part_rows" "SELECT sum($plpgsql) FROM bench.claim_part c;"
		timed payout_part "$part_rows" "SELECT sum(yibao.payout($basic, $arguments)) FROM bench.claim_part c;"
	} | run_rounds
	psql -o /dev/null <<SQL
SELECT bench.put('sum_ns', bench.per_row('sum'), 'ns_per_row');
SELECT bench.put('payout_ns', bench.per_row('payout'), 'ns_per_row');
SELECT bench.put('payout_param_ns', bench.per_row('payout_param'), 'ns_per_row');
SELECT bench.put('payout_generic_ns', bench.per_row('payout_generic'), 'ns_per_row');
SELECT bench.put('payout_initplan_ns', bench.per_row('payout_initplan'), 'ns_per_row');
SELECT bench.put('payout3_ns', bench.per_row('payout3'), 'ns_per_row');
SELECT bench.put('join_ns', bench.per_row('join'), 'ns_per_row');
SELECT bench.put('plain_join_ns', bench.per_row('plain_join'), 'ns_per_row');
SELECT bench.put('plpgsql_ns', bench.per_row('plpgsql'), 'ns_per_row');
SELECT bench.put('policy_compile', bench.per_row('policy_compile') / 1000, 'us_per_document');
SELECT bench.put('payout_floor_vs_sum', bench.ratio_of('payout_floor', 'sum'), 'ratio');
SELECT bench.put('payout_vs_sum', bench.ratio_of('payout', 'sum'), 'ratio', '<= 2.0');
SELECT bench.put('payout_param_vs_sum', bench.ratio_of('payout_param', 'sum'), 'ratio', '<= 2.0');
SELECT bench.put('payout_initplan_vs_sum', bench.ratio_of('payout_initplan', 'sum'), 'ratio', '<= 2.0');
SELECT bench.put('payout_generic_vs_sum', bench.ratio_of('payout_generic', 'sum'), 'ratio');
SELECT bench.put('payout3_vs_sum', bench.ratio_of('payout3', 'sum'), 'ratio', '<= 3.0');
SELECT bench.put('payout_vs_plpgsql', bench.ratio_of('plpgsql', 'payout_part'), 'ratio', '>= 32');
SELECT bench.put('payout_vs_join', bench.ratio_of('join', 'payout'), 'ratio', '>= 11');
SELECT bench.put('payout_vs_plain_join', bench.ratio_of('plain_join', 'payout_part'), 'ratio');
SELECT bench.put('opponent_plpgsql_vs_sum', bench.ratio_of('plpgsql', 'sum_part'), 'ratio', '<= 91.3');
SELECT bench.put('opponent_join_vs_sum', bench.ratio_of('join', 'sum'), 'ratio', '<= 27.5');
SELECT bench.put('opponent_plain_join_vs_sum', bench.ratio_of('plain_join', 'sum_part'), 'ratio');
SQL
}

# ---------------------------------------------------------------- replay

bench_replay() {
	say "replay: $replay_rows rows"
	psql -o /dev/null <<SQL
CREATE TABLE bench.year_claim AS
SELECT 'P' || to_char((random() * $replay_rows / 3.3)::int, 'FM00000000') COLLATE "C" AS psn_no, 2024 AS year,
    'S' || to_char(setl_id, 'FM000000000') COLLATE "C" AS setl_id,
    '2024-01-01'::timestamp + random() * interval '330 days' AS setl_time,
    med_type, hosp_lv, psn_idet_type, refl, medfee_sumamt, fulamt_ownpay_amt, overlmt_selfpay, preselfpay_amt
FROM bench.claim WHERE setl_id <= $replay_rows;
VACUUM (ANALYZE, FREEZE) bench.year_claim;
SQL
	echo "SELECT rules AS basic FROM bench.policy WHERE id = 'basic' \\gset" >"$work/prologue.sql"
	{
		timed window "$replay_rows" "SELECT sum(s) FROM (SELECT sum(medfee_sumamt) OVER w AS s FROM bench.year_claim
			WINDOW w AS (PARTITION BY psn_no, year ORDER BY setl_time, setl_id) OFFSET 0) t;"
		timed replay "$replay_rows" "SELECT sum((r).fund_pay_sumamt) FROM (SELECT yibao.replay(:'basic'::jsonb, c) OVER w AS r
			FROM bench.year_claim c WINDOW w AS (PARTITION BY psn_no, year ORDER BY setl_time, setl_id) OFFSET 0) t;"
	} | run_rounds
	psql -o /dev/null <<SQL
SELECT bench.put('window_ns', bench.per_row('window'), 'ns_per_row');
SELECT bench.put('replay_ns', bench.per_row('replay'), 'ns_per_row');
SELECT bench.put('replay_vs_window', bench.ratio_of('replay', 'window'), 'ratio', '<= 1.6');
SQL
}

# ---------------------------------------------------------------- settlement by the trigger

area_ready=
need_area() {
	[ -z "$area_ready" ] || return 0
	psql -o /dev/null -v bulk="$bulk" -f test/bench/bulk.sql
	area_ready=1
}

bench_bulk() {
	local columns round
	need_area
	columns=$(value "SELECT bench.columns('bench.incoming')")
	say "bulk: $bulk claims a round"
	for round in $(seq 0 "$runs"); do
		{
			cat <<SQL
\\set round $round
CALL bench.make_area('bench_r$round');
TRUNCATE bench.bare, bench.theirs, bench.their_key, bench.lean, bench.lean_key, bench.their_person_year, bench.their_entry;
CHECKPOINT;
SQL
			timed bulk_bare "$bulk" "INSERT INTO bench.bare ($columns) SELECT $columns FROM bench.incoming;"
			timed bulk_settle "$bulk" "INSERT INTO bench_r$round.settlement ($columns) SELECT $columns FROM bench.incoming;"
			timed bulk_lean "$bulk" "INSERT INTO bench.lean ($columns) SELECT $columns FROM bench.incoming;"
			echo "TRUNCATE bench.their_person_year, bench.their_entry;"
			timed bulk_plpgsql "$bulk" "INSERT INTO bench.theirs ($columns) SELECT $columns FROM bench.incoming;"
		} | psql -o /dev/null
		[ "$round" != 0 ] || must_be_zero "settlements by the trigger and by PL/pgSQL" "
			SELECT count(*) FROM bench_r0.settlement s FULL JOIN bench.theirs t USING (setl_id)
			WHERE (s.hifp_pay, s.psn_cash_pay, s.act_pay_dedc, s.psn_setl_no) IS DISTINCT FROM (t.hifp_pay, t.psn_cash_pay, t.act_pay_dedc, t.psn_setl_no)"
		if [ "$round" != "$runs" ]; then psql -c "DROP SCHEMA bench_r$round CASCADE" 2>/dev/null >&2; fi
	done
	psql -o /dev/null <<SQL
SELECT bench.put('bulk_bare_ns', bench.per_row('bulk_bare'), 'ns_per_row');
SELECT bench.put('bulk_settle_ns', bench.per_row('bulk_settle'), 'ns_per_row');
SELECT bench.put('bulk_plpgsql_ns', bench.per_row('bulk_plpgsql'), 'ns_per_row');
SELECT bench.put('bulk_lean_plpgsql_ns', bench.per_row('bulk_lean'), 'ns_per_row');
SELECT bench.put('settle_bulk_vs_bare', bench.ratio_of('bulk_settle', 'bulk_bare'), 'ratio', '<= 10');
SELECT bench.put('settle_bulk_vs_plpgsql', bench.ratio_of('bulk_plpgsql', 'bulk_settle'), 'ratio', '>= 3');
SELECT bench.put('settle_bulk_vs_lean_plpgsql', bench.ratio_of('bulk_lean', 'bulk_settle'), 'ratio');
SQL
	say "xids: 20000 rows"
	psql -At >"$work/xids" <<SQL
SELECT pg_current_xact_id();
INSERT INTO bench_r$runs.settlement ($columns)
SELECT $(sed 's/\bsetl_id\b/'"'X'"' || setl_id/' <<<"$columns") FROM bench.incoming LIMIT 20000;
SELECT pg_current_xact_id();
SQL
	put xids_per_row "round(($(tail -n 1 "$work/xids") - $(head -n 1 "$work/xids") - 1)::numeric / least($bulk, 20000), 5)" xid
}

# One settlement a transaction, eight clients.  CPU: what the backends used, from the postmaster's count of ended children.
bench_single() {
	local pair name script cpu0 cpu1 out tps pid clock values
	need_area
	value "SELECT count(*) FROM pg_namespace WHERE nspname = 'bench_s'" | grep -qx 0 && value "CALL bench.make_area('bench_s')"
	values="SELECT 'C' || :client_id || '-' || :key, 'P' || :person, '390', timestamp '2024-03-01 08:00' + :minute * interval '1 minute',
		'M', '622000', 12000.00, 600.00, 240.00, 1200.00, 9960.00, '21', '0' || :level, :idet::text, 'none', 'H62052200001', 50"
	for name in bare settle; do
		script=$work/single_$name.sql
		cat >"$script" <<SQL
\\set key random(1, 1000000000000000)
\\set minute random(0, 100000)
\\set person random(1, 60000)
\\set level random(1, 5)
\\set idet random(1, 9)
SQL
		printf 'INSERT INTO %s (%s) %s;\n' "$([ $name = bare ] && echo bench.bare || echo bench_s.settlement)" \
			"$(value "SELECT bench.columns('bench.incoming')")" "$(tr -d '\n' <<<"$values")" >>"$script"
	done
	psql -c "TRUNCATE bench.bare"
	clock=$(getconf CLK_TCK)
	pid=$(head -n 1 "$work/data/postmaster.pid")
	say "single: $runs pairs of $seconds s, 8 clients"
	for pair in $(seq 0 "$runs"); do
		for name in bare settle; do
			cpu0=$(awk '{print $16 + $17}' "/proc/$pid/stat")
			out=$("$bindir/pgbench" -n -M prepared -c 8 -j 2 -T "$seconds" -f "$work/single_$name.sql" 2>&1) || { say "pgbench: $out"; exit 1; }
			grep -q '^number of failed transactions: 0 ' <<<"$out" || grep -q 'failed' <<<"$out" || true
			sleep 0.3
			cpu1=$(awk '{print $16 + $17}' "/proc/$pid/stat")
			tps=$(sed -n 's/^tps = \([0-9.]*\).*/\1/p' <<<"$out")
			done=$(sed -n 's/^number of transactions actually processed: \([0-9]*\).*/\1/p' <<<"$out")
			psql -c "INSERT INTO bench.timing (name, round, rows, ns) VALUES ('tps_$name', $pair, 1000000, (1e9 * $tps)::bigint),
				('cpu_$name', $pair, $done, ($cpu1 - $cpu0) * (1000000000 / $clock)::bigint)"
		done
	done
	psql -o /dev/null <<SQL
SELECT bench.put('single_bare_tps_8', bench.per_row('tps_bare') / 1000, 'tps');
SELECT bench.put('single_settle_tps_8', bench.per_row('tps_settle') / 1000, 'tps');
SELECT bench.put('single_bare_cpu', bench.per_row('cpu_bare') / 1000, 'us_per_transaction');
SELECT bench.put('single_settle_cpu', bench.per_row('cpu_settle') / 1000, 'us_per_transaction');
SELECT bench.put('settle_single_vs_bare_8', bench.ratio_of('tps_settle', 'tps_bare'), 'ratio', '>= 0.80');
SQL
}

# ---------------------------------------------------------------- posting to the fund

# pgledger is not ours to ship: its SQL is read from where PGLEDGER_SQL says.  False: there is none.
load_pgledger() {
	local files
	if [ -z "${PGLEDGER_SQL:-}" ]; then
		say "fund_vs_pgledger_32 is left out: PGLEDGER_SQL names no checkout of github.com/pgr0ss/pgledger"
		return 1
	fi
	if [ -d "$PGLEDGER_SQL" ]; then files="$PGLEDGER_SQL/vendor/*/*.sql $PGLEDGER_SQL/pgledger.sql"; else files=$PGLEDGER_SQL; fi
	# shellcheck disable=SC2086
	{ echo "CREATE SCHEMA pgledger; SET search_path = pgledger;"; cat $files; } >"$work/pgledger.sql"
	psql -o /dev/null -f "$work/pgledger.sql" -f test/bench/pgledger.sql
	# functions that do not say where their tables are
	value "ALTER DATABASE $PGDATABASE SET search_path = \"\$user\", public, pgledger" >/dev/null
}

# Pairs of one posting a transaction: guarded, bare append of the same rows, append with one balance row updated last, and pgledger.
bench_fund() {
	local key="'C' || :client_id || '-' || :key" clients round name names script clock pid cpu0 cpu1 out tps done exact0 exact1 xid0 xid1
	psql -o /dev/null -f test/bench/fund.sql
	names="append ours row"
	if load_pgledger; then names="$names pgledger"; fi
	for name in $names; do
		script=$work/fund_$name.sql
		printf '\\set key random(1, 1000000000000000)\n' >"$script"
		case $name in
		ours) echo "INSERT INTO bench_f.premium (premium_id, kind, coverage_year, booked_on, amt, out_amt, ipt_amt, doc_no) VALUES ($key, 'set_aside', 2024, '2024-03-05', 1, 0, 1, 'x');" ;;
		append) echo "$(value "SELECT bench.append(\$\$$key\$\$, 'SELECT 1')");" ;;
		row) echo "$(value "SELECT bench.append(\$\$$key\$\$, \$\$UPDATE bench.f_balance SET avail = avail - 100
			FROM (SELECT (SELECT count(*) FROM p) + (SELECT count(*) FROM j) + (SELECT count(*) FROM e) + (SELECT count(*) FROM c) AS n) x
			WHERE pool = 'inpatient' AND n > 0\$\$)" | tr -d '\n');" ;;
		pgledger) echo "$(value "SELECT format('SELECT id FROM pgledger_create_transfer(%L, %L, 1)', max(id) FILTER (WHERE name = 'inpatient'), max(id) FILTER (WHERE name = 'serious')) FROM pgledger.pgledger_accounts");" ;;
		esac >>"$script"
	done
	clock=$(getconf CLK_TCK)
	pid=$(head -n 1 "$work/data/postmaster.pid")
	for clients in 1 8 16 32; do
		say "fund: $runs rounds of $seconds s, $clients clients"
		exact0=$(value "SELECT sum(exact) FROM bench_f.slot")
		for round in $(seq 0 "$runs"); do
			for name in $names; do
				case $name in row | pgledger) [ "$clients" = 32 ] || continue ;; esac
				xid0=$(value "SELECT pg_current_xact_id()")
				cpu0=$(awk '{print $16 + $17}' "/proc/$pid/stat")
				out=$("$bindir/pgbench" -n -M prepared -c "$clients" -j 2 -T "$seconds" -f "$work/fund_$name.sql" 2>&1) || { say "pgbench: $out"; exit 1; }
				sleep 0.3
				cpu1=$(awk '{print $16 + $17}' "/proc/$pid/stat")
				xid1=$(value "SELECT pg_current_xact_id()")
				tps=$(sed -n 's/^tps = \([0-9.]*\).*/\1/p' <<<"$out")
				done=$(sed -n 's/^number of transactions actually processed: \([0-9]*\).*/\1/p' <<<"$out")
				psql -c "INSERT INTO bench.timing (name, round, rows, ns) VALUES ('fund_${name}_$clients', $round, 1000000, (1e9 * $tps)::bigint),
					('fund_cpu_${name}_$clients', $round, $done, ($cpu1 - $cpu0) * (1000000000 / $clock)::bigint),
					('fund_xid_${name}_$clients', $round, $done, $xid1 - $xid0 - 1)"
			done
			psql -c "SELECT FROM yibao.maintain('bench_f')" -c "TRUNCATE bench.f_premium, bench.f_journal, bench.f_entry, bench.f_credit" -c "VACUUM bench_f.slot, bench_f.credit, bench.f_balance" >/dev/null
		done
		exact1=$(value "SELECT sum(exact) FROM bench_f.slot")
		psql -o /dev/null <<SQL
SELECT bench.put('fund_tps_$clients', bench.per_row('fund_ours_$clients') / 1000, 'tps');
SELECT bench.put('fund_append_tps_$clients', bench.per_row('fund_append_$clients') / 1000, 'tps');
SELECT bench.put('fund_cpu_$clients', bench.per_row('fund_cpu_ours_$clients') / 1000, 'us_per_transaction');
SELECT bench.put('fund_append_cpu_$clients', bench.per_row('fund_cpu_append_$clients') / 1000, 'us_per_transaction');
SELECT bench.put('fund_vs_append_$clients', bench.ratio_of('fund_ours_$clients', 'fund_append_$clients'), 'ratio', $([ "$clients" = 32 ] && echo "'>= 0.80'" || echo NULL));
SQL
	done
	psql -o /dev/null <<SQL
SELECT bench.put('fund_row_tps_32', bench.per_row('fund_row_32') / 1000, 'tps');
SELECT bench.put('fund_vs_row_32', bench.ratio_of('fund_ours_32', 'fund_row_32'), 'ratio', '>= 3.5');
SELECT bench.put('xids_per_row_32', (SELECT round(sum(ns)::numeric / sum(rows), 3) FROM bench.timing WHERE name = 'fund_xid_ours_32' AND round > 0), 'xid');
SELECT bench.put('fund_pgledger_tps_32', bench.per_row('fund_pgledger_32') / 1000, 'tps');
SELECT bench.put('fund_vs_pgledger_32', bench.ratio_of('fund_ours_32', 'fund_pgledger_32'), 'ratio', '>= 8');
SELECT bench.put('slow_path_share_32', ($exact1 - $exact0)::numeric / (SELECT sum(rows) FROM bench.timing WHERE name = 'fund_cpu_ours_32'), 'share');
SQL

	# a batch in one transaction of a deferred area: pools are touched once
	say "fund: a batch of 5000 postings"
	value "UPDATE bench_f.area SET mode = 'deferred'" >/dev/null
	for round in $(seq 0 "$runs"); do
		psql -At >"$work/batch" <<SQL
BEGIN;
SELECT pg_current_xact_id();
SELECT clock_timestamp() AS at \\gset
INSERT INTO bench_f.premium (premium_id, kind, coverage_year, booked_on, amt, out_amt, ipt_amt, doc_no)
	SELECT 'B$round-' || n, 'set_aside', 2024, '2024-03-05', 1, 0, 1, 'x' FROM generate_series(1, 5000) n;
COMMIT;
SELECT pg_current_xact_id();
INSERT INTO bench.timing (name, round, rows, ns) VALUES ('fund_batch', $round, 5000, extract(epoch FROM clock_timestamp() - :'at') * 1e9);
SQL
	done
	psql -o /dev/null -c "SELECT bench.put('post_batch', round(1e9 / bench.per_row('fund_batch')), 'postings_per_s')" \
		-c "SELECT bench.put('post_batch_xids_per_row', round(($(tail -n 1 "$work/batch") - $(head -n 1 "$work/batch") - 1)::numeric / 5000, 5), 'xid')"
	must_be_zero "what verify finds in the books of the bench" "SELECT count(*) FROM yibao.verify('bench_f') WHERE NOT ok"
}

# ---------------------------------------------------------------- memory

bench_memory() {
	local calls warm
	say "memory: a million calls with fifty policies"
	calls="SELECT count(yibao.payout(p.rules, $arguments)) FROM bench.claim_part c
		JOIN bench.policy p ON p.id = 'n' || 1 + c.setl_id % 50, generate_series(1, :times);
	SELECT count((s).fund_pay_sumamt) FROM (SELECT yibao.settle(p.rules, q) AS s FROM (SELECT setl_id, $(sed 's/[a-z_]* => //g' <<<"$arguments")
		FROM bench.claim_part c) q JOIN bench.policy p ON p.id = 'n' || 1 + q.setl_id % 50, generate_series(1, :times) OFFSET 0) x;"
	psql -At >"$work/memory" <<SQL
\\set times 1
$calls
$calls
SELECT 'bytes ' || sum(total_bytes) FROM pg_backend_memory_contexts;
SELECT 'bytes ' || sum(total_bytes) FROM pg_backend_memory_contexts;
\\set times $((500000 / part_rows + 1))
$calls
SELECT 'bytes ' || sum(total_bytes) FROM pg_backend_memory_contexts;
SQL
	warm=$(sed -n 's/^bytes //p' "$work/memory" | sed -n 2p)
	put memory_before "$warm" bytes
	put memory_after "$(sed -n 's/^bytes //p' "$work/memory" | sed -n 3p)" bytes
	put memory_growth "$(sed -n 's/^bytes //p' "$work/memory" | sed -n 3p) - $warm" bytes "<= 0"
}

for part in payout replay bulk single fund memory; do
	wanted "$part" || continue
	"bench_$part"
	value "SELECT 'bench ' || name || ' ' || trim_scale(value) || ' ' || unit FROM bench.result ORDER BY place"
	value "SELECT name || ' ' || trim_scale(value) || '  goal ' || goal || CASE WHEN bench.met(r) THEN '  met' ELSE '  MISSED' END
		FROM bench.result r WHERE goal IS NOT NULL ORDER BY place" | while read -r line; do say "$line"; done
	value "TRUNCATE bench.result" >/dev/null
done
others=$(value "SELECT round(percentile_cont(0.5) WITHIN GROUP (ORDER BY others)::numeric, 2) FROM bench.timing WHERE round > 0")
if [ -n "$others" ]; then
	echo "bench others_busy $others cores"
	awk -v n="$others" 'BEGIN {exit !(n > 0.2)}' && say "others kept $others cores busy: ratios are up to a third worse than on a quiet machine"
fi
true
