#!/bin/sh
# SPDX-License-Identifier: ISC
# A full disk and a read-only store: what can be kept is, and what cannot is
# said where somebody looks.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/handler.sh"

need_root
need_command jq zstd unshare dmesg
unshare -m --propagation private mount -t tmpfs tmpfs "$TRASH" 2>/dev/null ||
    skip_all "no mounts of one's own here"
plan 11
copy_build
mkdir "$STORE"
head -c 3000000 /dev/urandom >core
cat >recorder <<END
#!/bin/sh
cat >$TRASH/got
END
chmod 755 recorder
sed -i s/log=none/log=kmsg/ corepipe.conf

# on OPTIONS COMMAND: the handler, with a file system of its own as the store;
# COMMAND looks at it before it goes.
on()
{
	export TRASH COPY STORE
	name=full$$-$1
	unshare -m --propagation private sh -c '
	mount -t tmpfs -o mode=755,"$1" tmpfs "$STORE" || exit 9
	mount -t tmpfs tmpfs /run || exit 9
	test "$2" = fill && head -c 9999999 /dev/zero >"$STORE/fill" 2>/dev/null
	( cd / && exec env -i COREPIPE_CONF="$TRASH/corepipe.conf" sh \
	    "$COPY/libexec/handler.sh" P=999999999 u=0 d=2 s=6 "e=$3" \
	    <"$TRASH/core" >&- 2>&- )
	n=0
	while test "$n" -lt 100 && ls "$STORE"/new/.*.live >/dev/null 2>&1; do
		sleep 0.1
		n=$((n + 1))
	done
	ls /run >"$TRASH/run"
	cp -R "$STORE" "$TRASH/seen"' - "$1" "$2" "$name"
}
said() { dmesg | grep -F "corepipe: $name"; }

on size=1M keep
meta=$(cat seen/archive/*/meta.json)
like "a disk that fills up: a record" "$(printf %s "$meta" | jq -r .comm)" \
    "^full$$"
is "whose core is said to be cut" \
    "$(printf %s "$meta" | jq -r .core.complete)" false
like "with the reason" "$(printf %s "$meta" | jq -r .core.reason)" .
rm -rf seen

on size=2M fill
like "a full disk: the system's log has it" "$(said)" 'NOT RECORDED'
like "with the reason" "$(said)" 'No space left'
is "and no half record is left" "$(find seen -name '????????-*-*')" ""
rm -rf seen

echo "chain=$TRASH/recorder" >>corepipe.conf
on ro keep
like "a read-only store: the system's log has it" "$(said)" 'NOT RECORDED'
like "with the reason" "$(said)" 'Read-only'
is "nothing is left in /run" "$(cat run)" ""
rm -rf seen
on size=1M keep
ok "a chained handler has all of the core on a disk that fills up" \
    cmp core got
rm -f got
on ro keep
ok "and with a read-only store" cmp core got
