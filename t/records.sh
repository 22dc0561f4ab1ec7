# SPDX-License-Identifier: ISC
# shellcheck shell=sh
# For the t32 to t35 tests, sourced after lib.sh: a store of one's own with
# records in it, of a process that never had to die.

need_command gdb jq zstd
STORE=$TRASH/store
COREPIPE_STORE=$STORE
COREPIPE_CONF=$TRASH/corepipe.conf
export STORE COREPIPE_STORE COREPIPE_CONF
echo log=none >"$COREPIPE_CONF"
mkdir "$STORE"

# make_core [PROGRAM]: "core", and $core_pid, which goes on waiting.
make_core()
{
	rm -f ready core
	"${1:-wreck}" wait >ready &
	core_pid=$!
	at_exit "kill $core_pid 2>/dev/null"
	wait_for 10 test -s ready || exit 1
	gdb -nx -batch -p "$core_pid" -ex 'gcore core' >gcore.log 2>&1
	test -s core || skip_all "gdb may not make a core here"
}

# capture [OPTION...]: a record in pending/ from "core"; sets id.
capture()
{
	id=$(core-save -P "$core_pid" -d "$STORE" -k "comm=wreck" \
	    -k "uid=$(id -u)" -k signal=6 "$@" <core 2>save.err)
	test -d "$STORE/pending/$id" || { cat save.err >&2; exit 1; }
}

# make_record [OPTION...]: the same, reported and in archive/.
make_record()
{
	capture "$@"
	"$BUILD/libexec/stage-report" -s "$STORE" "$id"
	record=$STORE/archive/$id
	test -d "$record" || { cat "$STORE"/*/"$id/log" >&2; exit 1; }
}
