#!/bin/sh
# SPDX-License-Identifier: ISC
# What a crashed program chose, its name and its path, is data in every shell:
# nothing of it runs, becomes an option or reaches a log as a control.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/handler.sh"

need_root
need_command jq zstd
copy_build
esc=$(printf '\033')
nl='
'
set -- "\$(touch $TRASH/pwned)" "\`touch $TRASH/pwned\`" ";touch $TRASH/pwned" \
    "a b --owner=1" "-rf" "--help" "*" "'\"\\" "${esc}]0;x" "two${nl}lines" \
    '%s%n' '..' 'a=b' ''
all=$(shells)
plan $((4 * $# * $(printf '%s\n' "$all" | wc -l) + 1))
printf 'no core at all' >core
stand_in core-unwind </dev/null
stand_in snap-put <<'END'
for record; do :; done
mv "$record" "${record%/pending/*}/archive/"
END

while IFS= read -r SHELL_UNDER_TEST; do
	for name; do
		handle core P=999999999 I=1 p=1 i=1 u=1000 g=1000 d=2 s=11 \
		    t=1700000000 c=0 F= "h=$name" "e=$name" "E=$name" X=unknown
		record=$STORE/archive/$new_id
		shown=$(printf %s "$name" | tr -c ' -~' '?')
		ok "$SHELL_UNDER_TEST: [$shown]: recorded" \
		    test -f "$record/meta.json"
		is "the name is kept" "$(jq -r '.comm // ""' "$record/meta.json")" \
		    "$name"
		is "the record is root's" \
		    "$(jq -r .owner "$record/meta.json")" 0
		is "the log is plain text" \
		    "$(tr -d ' -~\n' <"$record/log")" ""
	done
done <<END
$all
END
ok "nothing ran" test ! -e "$TRASH/pwned"
