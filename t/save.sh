# SPDX-License-Identifier: ISC
# shellcheck shell=sh
# Vocabulary of the tests of core-save, after lib.sh:
#
#	save ARGS...            run core-save, stdin is the core; sets $status,
#	                        $out and $err (what it printed)
#	record_of_save          after save -d store: sets $record
#	same_bytes ZST CORE     zstd gives back just those bytes
#	meta FILTER             of the record's meta.json
#	names DIR               what is in it, a space after each
#	nobody COMMAND...       as a user without rights

# shellcheck disable=SC2034,SC2154 # set here for the tests, or by lib.sh

save()
{
	core-save "$@" >save.out 2>save.err
	status=$?
	out=$(cat save.out)
	err=$(cat save.err)
}

record_of_save()
{
	record=$TRASH/store/pending/$out
}

same_bytes()
{
	zstd -qdc "$1" | cmp - "$2"
}

meta()
{
	jq -r "$1" "$record/meta.json"
}

names()
{
	(
		cd "$1" || exit
		for name in *; do
			test ! -e "$name" || printf '%s ' "$name"
		done
	)
}

# The trash directory is root's alone; let others through to what they know.
nobody()
{
	test "$(id -u)" -eq 0 || { "$@"; return; }
	chmod 711 "$TRASH"
	as_nobody "$@"
}
