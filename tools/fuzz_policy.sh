#!/usr/bin/env bash
# Fuzz the policy reader: libFuzzer in a single-user server, the extension built with the sanitizer of undefined behaviour.
#
#   tools/fuzz_policy.sh BINDIR WORK ARTIFACTS SECONDS
#
# BINDIR: programs of a private copy of the server (tools/private.sh); WORK: an empty folder for the build, the
# cluster and the corpus; ARTIFACTS: where an input that fails is kept (a name prefix).  Not as root.
# Run such an input again:  FUZZ_INPUT=file tools/fuzz_policy.sh ...
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# = 4 ] || { echo "usage: $0 bindir work artifacts seconds" >&2; exit 2; }
bindir=$1 work=$2 artifacts=$3 seconds=$4
mkdir -p "$work/obj" "$work/corpus"

# ---------------------------------------------------------------- build

runtime() { # of clang: its name tells the machine, or its folder does
	local file
	file=$(clang -print-file-name="libclang_rt.$1-$(uname -m).$2")
	[ -e "$file" ] || file=$(clang -print-file-name="libclang_rt.$1.$2")
	echo "$file"
}
sanitize="-fsanitize=fuzzer-no-link,undefined -fno-sanitize-recover=all -shared-libsan"
flags="-g -O1 -fno-omit-frame-pointer -fno-strict-aliasing -fwrapv -fPIC -std=gnu11 -w -Isrc
	-isystem $("${PG_CONFIG:-pg_config}" --includedir-server) $(pkg-config --cflags icu-i18n icu-uc) -D_GNU_SOURCE
	-DYIBAO_VERSION=\"fuzz\""
make -s src/fund/poolarea_sql.h src/policy/national_bounds.h
printf '%s\n' src/*.c src/*/*.c test/fuzz/fuzz_policy.c |
	xargs -P "$(nproc)" -I{} sh -c '
		case {} in src/core/*) first= ;; *) first="-include src/yibao.h" ;; esac
		clang $0 $1 $first -c {} -o "$2/$(echo {} | tr / _).o"' "$sanitize" "$flags" "$work/obj"
# shellcheck disable=SC2046,SC2086
clang $sanitize -shared -Wl,-Bsymbolic-functions -Wl,-rpath,"$(dirname "$(runtime ubsan_standalone so)")" -o "$work/yibao_fuzz.so" "$work"/obj/*.o "$(runtime fuzzer_no_main a)" \
	-lstdc++ -lm -lpthread -ldl $(pkg-config --libs icu-i18n icu-uc)

# ---------------------------------------------------------------- corpus: what is shipped, and the pieces it is made of

cp control/policies/*.json "$work/corpus"
cp test/fuzz/corpus_policy/* "$work/corpus" 2>/dev/null || true
awk '/^```json$/ {n++; inside = 1; next} /^```$/ {inside = 0} inside {print >(dir "/doc" n)}' dir="$work/corpus" doc/policies.md
grep -oE '"[a-z_0-9$]{2,40}"' control/schema/policy.schema.json | sort -u | grep -v '\$' |
	sed 's/"/\\"/g; s/^/"/; s/$/"/' >"$work/dictionary"

# ---------------------------------------------------------------- run

if [ ! -d "$work/data" ]; then
	"$bindir/initdb" -D "$work/data" -U fuzz -A trust --encoding=UTF8 --no-locale -N >"$work/initdb.log" 2>&1 ||
		{ cat "$work/initdb.log"; exit 1; }
fi
arguments="-max_total_time=$seconds,-dict=$work/dictionary,-artifact_prefix=$artifacts,-print_final_stats=1,-max_len=60000,-timeout=20,-rss_limit_mb=0,-detect_leaks=0,${FUZZ_INPUT:-$work/corpus}"
status=0
"$bindir/postgres" --single -D "$work/data" -j postgres >"$work/run.log" 2>&1 <<SQL || status=$?
CREATE OR REPLACE FUNCTION fuzz_policy(text[]) RETURNS void AS '$work/yibao_fuzz.so' LANGUAGE C;

SELECT fuzz_policy('{$arguments}');

SQL
cat "$work/run.log"
[ "$status" = 0 ] && grep -q 'number_of_executed_units' "$work/run.log"
