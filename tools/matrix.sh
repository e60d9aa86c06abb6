#!/usr/bin/env bash
# Run every test on other versions of PostgreSQL, each in a chroot of a Debian release; one line for each.
#
#   MATRIX="trixie sid"   the releases (default trixie: PostgreSQL 17; sid has 18 or later)
#   YIBAO_MATRIX=dir      where the chroots are kept (default /var/tmp/yibao-matrix, about 2 GB each)
#   TESTS=... FUZZ_SECONDS=...   as for tools/test.sh
#
# Needs root: for debootstrap, and for namespaces of its own, so that no mount and no server stays behind.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
dir=${YIBAO_MATRIX:-/var/tmp/yibao-matrix}
mkdir -p "$dir" || exit 1
[ "$(id -u)" = 0 ] || { echo "matrix: needs root" >&2; exit 1; }

in_chroot() { # chroot, script, arguments
	unshare -m -p --fork --kill-child --propagation private bash -c '
		root=$1; shift
		mount -t proc proc "$root/proc" && mount --rbind /dev "$root/dev" && exec chroot "$root" /bin/bash -c "$@"' - "$@" </dev/null
}

failed=0
for release in ${MATRIX:-trixie}; do
	root=$dir/$release
	log=$dir/$release.log
	: >"$log"
	if [ ! -d "$root" ]; then
		echo "matrix: making $root"
		command -v debootstrap >/dev/null || { apt-get update -qq && apt-get install -y -qq --no-install-recommends debootstrap; } >>"$log" 2>&1
		rm -rf "$root.new"
		if ! debootstrap --variant=minbase --include=ca-certificates,make,gcc,git "$release" "$root.new" >>"$log" 2>&1; then
			tail -n 20 "$log"
			echo "$release: no chroot, log: $log"
			failed=1
			continue
		fi
		# Snapshots of sid are often older than they say they may be.
		echo 'Acquire::Check-Valid-Until "false";' >"$root.new/etc/apt/apt.conf.d/99yibao"
		mv "$root.new" "$root"
	fi
	rm -rf "$root/root/yibao"
	mkdir -p "$root/root/yibao"
	tar --exclude=./.git --exclude='*.o' --exclude='*.so' --exclude='*.d' --exclude=./build -cf - . | tar -xf - -C "$root/root/yibao"
	echo "matrix: $release, log: $log"
	in_chroot "$root" 'cd /root/yibao && export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root &&
		env -u PG_CONFIG -u LOGS -u LC_ALL tools/test.sh' >>"$log" 2>&1
	status=$?
	version=$(sed -n 's/^yibao on \(PostgreSQL [^ ,]*\).*/\1/p' "$log" | tail -n 1)
	last=$(tail -n 1 "$log")
	if [ "$status" = 0 ]; then
		echo "$release: ${version:-PostgreSQL ?}: $last"
	else
		failed=1
		grep -E 'FAILED|^not ok|^  .*(no test|at least)|error:' "$log" | head -n "${TAIL:-40}"
		echo "$release: ${version:-PostgreSQL ?}: FAILED: $last"
	fi
done
exit "$failed"
