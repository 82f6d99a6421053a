#!/bin/sh
# Puts the words of package rng through a battery of TestU01, in several orders of their addresses.
#
#   sh model/rng/smallcrush/run.sh                     SmallCrush in every order (2 to 3 minutes)
#   sh model/rng/smallcrush/run.sh Crush journeys      Crush in one order (an hour)
#
# TestU01 comes from Debian's libtestu01-0-dev, which is in the section non-free (its licence
# forbids selling it); TESTU01 names another prefix that holds include/ and lib/. Without TestU01
# the script fails with status 3. SEED changes the seed, 1.
set -u
here=$(cd "$(dirname "$0")" && pwd)
battery=${1:-SmallCrush}
[ $# -gt 0 ] && shift
[ $# -gt 0 ] || set -- counter purposes journeys replications seeds journeys:reversed
prefix=${TESTU01:-/usr}
work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT INT TERM

libraries=$(find "$prefix/lib" -name 'libtestu01.so' -o -name 'libtestu01.a' 2>/dev/null | head -n 1)
if [ -z "$libraries" ]; then
	echo "smallcrush: TestU01 is not installed (Debian, section non-free: apt-get install libtestu01-0-dev)" >&2
	exit 3
fi
libraries=$(dirname "$libraries")
# Debian keeps headers in testu01/, and one of them in a folder of the architecture.
includes="-I$prefix/include -I$prefix/include/testu01"
for header in $(find "$prefix/include" -name gdefconf.h); do
	folder=$(dirname "$header")
	includes="$includes -I$folder -I$(dirname "$folder")"
done
${CC:-cc} -O2 $includes -o "$work/smallcrush" "$here/smallcrush.c" \
	-L"$libraries" -ltestu01 -ltestu01probdist -ltestu01mylib -lm || exit 3
(cd "$here" && go build -o "$work/stream" ../stream) || exit 3

status=0
for walk in "$@"; do
	order=${walk%%:*}
	half=both
	[ "$walk" = "$order" ] || half=${walk#*:}
	"$work/stream" -seed "${SEED:-1}" -order "$order" -half "$half" 2>/dev/null |
		LD_LIBRARY_PATH="$libraries${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}" \
			"$work/smallcrush" "$battery" "$walk" >"$work/report"
	result=$?
	if [ $result -ne 0 ]; then
		cat "$work/report"
		status=1
	else
		tail -n 1 "$work/report"
	fi
done
exit $status
