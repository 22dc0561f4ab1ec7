#!/bin/sh
# SPDX-License-Identifier: ISC
# A chained handler gets what the kernel would give it, and cannot hurt us.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/handler.sh"

need_root
need_command jq zstd
all=$(shells)
plan $((4 * $(printf '%s\n' "$all" | wc -l) + 20))
copy_build
export STORE

# A core of more than any pipe holds, so that who does not read is noticed.
head -c 3000000 /dev/urandom >core
cat >recorder <<END
#!/bin/sh
for arg; do
	printf '[%s]' "\$arg"
done >$TRASH/argv
cat >$TRASH/got
env | grep -v -e '^PWD=' -e '^_=' -e '^SHLVL=' -e '^OLDPWD=' >$TRASH/env
ls -l /proc/\$\$/cwd | sed 's/.*-> //' >$TRASH/cwd
exit 42
END
chmod 755 recorder

nl='
'
name="a b\$(touch $TRASH/pwned)${nl}*"
chained()
{
	rm -f argv got env cwd
	handle core P=999999999 I=12 p=13 i=14 u=1000 g=1001 d=2 s=11 \
	    t=1700000000 c=18446744073709551615 C=5 F= h=box "e=$name" \
	    'E=!opt!my prog'
	record=$STORE/archive/$new_id
	log=$(cat "$record/log")
}
same_core()
{
	zstd -qdc "$record/core.zst" | cmp - core
}

configure "chain=|$TRASH/recorder -x %P/%p/%I/%i %u:%g %d%s %t %c %e %E %f%C 100%% %Z * \$HOME [%h] %F"
want="[-x][999999999/13/12/14][1000:1001][211][1700000000]"
want="${want}[18446744073709551615][$name][!opt!my prog][my prog5][100%][]"
want="${want}[*][\$HOME][[box]][]"
while IFS= read -r SHELL_UNDER_TEST; do
	chained
	is "$SHELL_UNDER_TEST: the arguments, byte for byte" "$(cat argv)" \
	    "$want"
	ok "the core, byte for byte" cmp core got
	ok "which is saved too" same_core
	like "its exit status is logged" "$log" 'Z chain 42'
done <<END
$all
END
is "it has no environment" "$(cat env)" ""
is "and is in /" "$(cat cwd)" /
ok "nothing ran" test ! -e pwned

configure 'chain=/bin/true'
chained
ok "one that leaves early costs nothing" same_core
like "it is logged" "$log" 'Z chain 0'
is "the record has all of it" "$(jq -r .core.bytes "$record/meta.json")" 3000000

configure 'chain=/bin/sleep 1000' chain_timeout=1
chained
ok "one that hangs is ended, and the core saved" same_core
like "it is logged" "$log" 'Z chain 124'

cat >litter <<END
#!/bin/sh
setsid sleep 1000 &
echo \$! >$TRASH/litter.pid
END
chmod 755 litter
configure "chain=$TRASH/litter" chain_timeout=1
chained
ok "one that leaves a child with the pipe too" same_core
kill "$(cat litter.pid)"

configure 'chain=/nonexistent/handler %p'
chained
ok "one that is not there: saved" same_core
like "and said" "$log" 'chain: .*nonexistent'
configure 'chain=relative/handler %p'
chained
ok "one without an absolute path: saved" same_core
like "and refused" "$log" 'chain: no absolute path'
configure "chain=|$COPY/libexec/handler.sh P=%P"
chained
like "our own handler is refused" "$log" 'that is this very handler'
ok "and the core saved" same_core

mkdir conf
echo "|$TRASH/recorder was %p" >conf/previous
sed -i "s|^previous=.*|previous=$TRASH/conf/previous|" "$COPY/libexec/stage-chain"
configure chain=previous
chained
is "previous: what core_pattern held" "$(cat argv)" "[was][13]"
echo core >conf/previous
chained
like "a file name cannot be chained" "$log" 'was no program'
ok "and the core is saved" same_core

# Debian's corekeeper, from its package and never installed.
mkdir corekeeper
if command -v dpkg >/dev/null && (cd corekeeper &&
    apt-get -qq download corekeeper && dpkg -x corekeeper_*.deb root) \
    >/dev/null 2>&1
then
	dump=$(find "$TRASH/corekeeper/root" -name dump -type f)
	mkdir crash
	chmod 711 "$TRASH" crash
	sed -i "s|/var/crash|$TRASH/crash|g" "$dump"
	configure "chain=$dump --dumpable %d --owner %u --limit %c --core %p-%u-%g-%s-%t-%h-%E"
	name=plain
	chained
	like "corekeeper takes it" "$log" 'Z chain 0'
	is "and has the same core" "$(find crash -type f -exec cmp {} core \; \
	    -exec echo same \;)" same
else
	skip 2 "no corekeeper package to be had"
fi
