#!/bin/sh
# SPDX-License-Identifier: ISC
# Whatever program is missing, fails, dies or hangs: the crash is recorded, and
# the record says why there is no more.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/handler.sh"

need_root
need_command jq
plan 26
copy_build
cp /bin/true core
core=core
victim()
{
	handle "$core" P=$$ I=$$ p=$$ i=$$ u=0 g=0 d=1 s=11 t=1700000000 c=0 F= \
	    h=box 'e=q"\b' 'E=!usr!bin!q'
	record=$(find "$STORE" -maxdepth 2 -name "$new_id" -type d)
	state=${record%/*}
	state=${state##*/}
	log=$(cat "$record/log")
}
restore()
{
	rm -f "$COPY/bin/$1"
	cp "$BUILD/bin/$1" "$COPY/bin/"
}

rm "$COPY/bin/core-save"
victim
is "no core-save: a record all the same" "$state" archive
is "that can be read" "$(jq -r .comm "$record/meta.json")" 'q"\b'
is "with the executable" "$(jq -r .exe "$record/meta.json")" /usr/bin/q
is "root's" "$(jq -r .owner "$record/meta.json")" 0
like "that says why" "$(jq -r .missing[0] "$record/meta.json")" \
    'core-save: status 127'
like "in its log too" "$log" 'core-save 127'

stand_in core-save <<'END'
cat >/dev/null
kill -SEGV $$
END
victim
like "core-save dies: a record that says so" \
    "$(jq -r .missing[0] "$record/meta.json")" 'core-save: status 139'

stand_in core-save <<'END'
printf 'no\033space\n' >&2
exit 111
END
victim
like "core-save fails: its words are in the log" "$log" 'core-save: no.space'
unlike "made safe" "$log" "$(printf '\033')"

configure core_timeout=1
restore core-save
# A kernel that never comes to the end of it.
mkfifo hung
sleep 1000 >hung &
sleeper=$!
at_exit "kill $sleeper 2>/dev/null"
core=hung
victim
core=core
is "core-save hangs: it is ended, and recorded" "$state" archive
like "with its status" "$log" 'core-save 1 '
like "that says why" "$(jq -r .core.reason "$record/meta.json")" \
    'stopped by signal 14'
configure

rm "$COPY/bin/core-unwind"
victim
is "no core-unwind: the record is archived" "$state" archive
like "and says so" "$log" 'core-unwind 127'
ok "with its core" test -s "$record/core.zst"
configure unwind_timeout=1
stand_in core-unwind <<'END'
exec sleep 1000
END
victim
is "core-unwind hangs: the record is archived" "$state" archive
like "and says so" "$log" 'core-unwind: ended at its deadline'
stand_in core-unwind <<'END'
kill -SEGV $$
END
victim
is "core-unwind dies: the record is archived" "$state" archive
like "and says so" "$log" 'core-unwind 139'
configure
restore core-unwind

stand_in snap-put <<'END'
echo 'no way' >&2
exit 111
END
at_rest=idle
victim
is "snap-put fails: the record stays where it is found again" \
    "$state" pending
like "and says so" "$log" 'snap-put: no way'

configure 'nonsense=1' 'keep' 'put_timeout=soon' ' # a comment' '' \
    'limit = 1K' "store = $STORE "
restore snap-put
victim
like "a setting that is not known is named" "$log" \
    'setting not understood: nonsense'
like "one without a value" "$log" 'setting not understood: keep'
like "and one that is no number" "$log" \
    'setting not understood: put_timeout'
unlike "the others are" "$log" 'understood: (limit|store|#)'

# Without what it sources it knows no settings, but has hands.
restore core-save
rm "$COPY/libexec/stage.sh"
minicore >whole
sed -i "s|\"\${store-[^}]*}\"|\"$TRASH/plain\"|" "$COPY/libexec/handler.sh"
as_kernel "" "$COPY/libexec/handler.sh" P=$$ u=0 d=1 s=11 e=q <whole
is "no stage.sh: the core is kept all the same" \
    "$(zstd -dc plain/pending/*/core.zst | cmp - whole 2>&1)" ""
