#!/bin/sh
# SPDX-License-Identifier: ISC
# make install: files under DESTDIR, as an ordinary user too, and nothing else
# of the machine.

. "$(dirname "$0")/lib.sh"
need_command make
plan 17

pattern=$(cat /proc/sys/kernel/core_pattern)
image=$TRASH/image

# As somebody without rights, who can read this tree.
plainly()
{
	"$@"
}
if test "$(id -u)" -eq 0 && as_nobody test -r "$SRC/install.sh" &&
    as_nobody test -r "$BUILD/bin/core-save"; then
	plainly()
	{
		as_nobody "$@"
	}
fi

files_only()
{
	plainly sh "$SRC/install.sh" --files-only "OUT=$BUILD" "$@"
}

mkdir -m 777 "$image"
chmod 755 "$TRASH"
ok "--files-only under DESTDIR" files_only "DESTDIR=$image"
is "core_pattern is untouched" "$(cat /proc/sys/kernel/core_pattern)" "$pattern"
usr=$image/usr/local
is "the programs" "$(ls "$usr/bin")" "$(ls "$SRC/bin")"
is "the handler and its stages, and install.sh" \
    "$(ls "$usr/libexec/corepipe")" \
    "$({ ls "$SRC/libexec"; echo install.sh; } | sort)"
is "the pages" "$(find "$usr/share/man" -type f -printf '%f\n' | sort)" \
    "$(ls "$SRC/man")"
ok "the settings" test -f "$image/etc/corepipe/corepipe.conf"
is "no sysctl.d: packages do not arm" "$(find "$image/etc" -type f |
    sed "s|$image||" | sort)" "/etc/corepipe/corepipe.conf
/etc/corepipe/installed"
ok "no store" test ! -e "$image/var"
is "no link leads nowhere" "$(find "$image" -xtype l)" ""
is "DESTDIR is in no file" "$(grep -rlF "$image" "$image")" ""
ok "the manifest names every file" sh -c "
    find '$image' ! -type d | sed 's|^$image||' |
	grep -Ev '/manifest\$|/etc/corepipe/corepipe.conf\$' | sort >want
    sed -n '/^dir/d; s/^[^ ]*  //p' '$usr/share/corepipe/manifest' |
	sort >got
    diff want got"

find "$image" -printf '%p %T@ %m\n' | sort >"$TRASH/one"
files_only "DESTDIR=$image" >/dev/null
find "$image" -printf '%p %T@ %m\n' | sort >"$TRASH/two"
ok "a second time changes nothing" cmp "$TRASH/one" "$TRASH/two"

echo 'edited' >"$TRASH/conf"
chmod 666 "$image/etc/corepipe/corepipe.conf"
cp "$TRASH/conf" "$image/etc/corepipe/corepipe.conf"
files_only "DESTDIR=$image" >/dev/null
is "corepipe.conf is never written again" \
    "$(cat "$image/etc/corepipe/corepipe.conf")" edited
ok "other places" files_only "DESTDIR=$image/2" PREFIX=/usr \
    LIBEXECDIR=/usr/lib/corepipe MANDIR=/usr/man SYSCONFDIR=/conf
ok "are where they were asked for" test -x "$image/2/usr/bin/core-save"
ok "the handler too" test -x "$image/2/usr/lib/corepipe/handler.sh"
ok_no "--disarm has no DESTDIR" 100 sh "$SRC/install.sh" --disarm \
    "DESTDIR=$image"
