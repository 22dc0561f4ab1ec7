#!/bin/sh
# SPDX-License-Identifier: ISC
# Which package a program is of, and which one has its debug data: by the
# database of dpkg, and by the note that a linker wrote.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/unwind.sh"
need_gdb
need_command perl

# --- a database below a sysroot

stripped_prog
core_of made ./prog
# As if all that is in $TRASH were where packages are.
there=$(printf %s "$TRASH" | sed 's,.,x,g; s,^.....,/usr/,')
HERE=$TRASH/ THERE=$there/ perl -0777 -pe 's/\Q$ENV{HERE}\E/$ENV{THERE}/g' \
    made >core
mkdir -p "root$there"
cp prog "root$there/prog"
db=root/var/lib/dpkg
id=$(readelf -n prog | sed -n 's/.*Build ID: //p')

# database NAME VERSION [LIST]: NAME has prog installed.
database()
{
	rm -rf "$db"
	mkdir -p "$db/info"
	printf '/.\n/usr\n%s/program\n' "$there" >"$db/info/aaa.list"
	printf '%s\n' "/." "$there" "$there/prog" "$there/progeny" \
	    >"$db/info/$1.list"
	cat >"$db/status" <<-EOS
	Package: dpkg
	Status: install ok installed
	Architecture: amd64
	Version: 1.21

	Package: disk
	Architecture: amd64
	Version: 9

	Package: ${1%%:*}
	Status: install ok installed
	Architecture: ${3:-amd64}
	Source: sources
	Version: $2
	Description: what it is
	 Version: none
	EOS
}

# module FIELD: of prog's, in the JSON.
module()
{
	get got "[.modules[] | select(.path | endswith(\"/prog\"))][0].$1"
}

database disk-tool 1:2.0-3
snap got --sysroot=root core
core-unwind --sysroot=root core >text
is "the package" "$(module package) $(module package_version)" \
    "disk-tool 1:2.0-3"
is "and that of its debug data" "$(module debug_package)" disk-tool-dbgsym
like "in the report's head" "$(sed -n 1,12p text)" \
    '^Package      disk-tool 1:2.0-3$'
like "what is missing" "$(cat text)" "names of functions in $there/prog:"
like "by its package" "$(cat text)" '^    package disk-tool-dbgsym$'
like "by its build-id" "$(cat text)" "^    debuginfod-find debuginfo $id\$"
like "one command" "$(cat text)" '^  To have it: apt install disk-tool-dbgsym'
like "or the other" "$(cat text)" '^    core-unwind --debuginfod CORE$'

database disk:amd64 2-1
snap got --sysroot=root core
is "the machine's own architecture goes without saying" \
    "$(module package) $(module debug_package)" "disk disk-dbgsym"
database disk:i386 2-1 i386
snap got --sysroot=root core
is "another does not" \
    "$(module package) $(module package_version) $(module debug_package)" \
    "disk:i386 2-1 disk-dbgsym:i386"
database libc6 2
snap got --sysroot=root core
is "the C library's has a name of its own" "$(module debug_package)" libc6-dbg

# By its name, which may be another's.
database prog 3
snap got --sysroot=root core
is "a package that is called as its program" \
    "$(module package) $(module package_version)" "prog 3"
database disk 3
printf '/usr/bin/prog\n' >"$db/info/prog.list"
snap got --sysroot=root core
is "one that is called so, and has another" "$(module package)" disk
database prog:i386 3 i386
snap got --sysroot=root core
is "one of another architecture" "$(module package)" prog:i386
mkdir -p "root$TRASH"
cp prog "root$TRASH/prog"
database disk 3
printf '%s\n' "$TRASH/prog" >>"$db/info/disk.list"
snap got --sysroot=root made
case $TRASH in
/usr/* | /lib* | /bin/* | /sbin/* | /opt/* | /etc/* | /var/*)
	skip 1 "$TRASH may be a package's" ;;
*)
	is "a program where no package may install" "$(module package)" null ;;
esac

# --- lies

for name in 'prog;reboot' 'disk;reboot' '-y' 'Disk' '$(id)' '.disk'; do
	database "$name" 2
	snap got --sysroot=root core
	is "no package: $name" "$(module package)" null
done
database drive '$(reboot)'
snap got --sysroot=root core
is "no version" "$(module package) $(module package_version)" "drive null"
database disk 2
mkfifo "$db/info/disk2.list" "$db/info/0.list"
ln -s /dev/zero "$db/info/1.list"
ok "what is no file is not read" timeout 20 \
    core-unwind --json --sysroot=root -o got core
is "and the rest is" "$(module package)" disk
rm "$db/status"
snap got --sysroot=root core
is "without a status" "$(module package) $(module debug_package)" \
    "disk disk-dbgsym"
mkdir "$db/status"
ok "a status that is a directory" core-unwind --sysroot=root core
rm -rf "$db"
snap got --sysroot=root core
is "without a database" "$(module package)" null
like "debuginfod is left" "$(core-unwind --sysroot=root core)" \
    '^  To have it from a debuginfod server:$'

# A copy in the record is of a file that is not this machine's.
database disk 2
mkdir -p rec/modules
echo '{"version":1,"id":null,"pid":1,"missing":[]}' >rec/meta.json
cp prog rec/modules/prog.1
start=$(module start)
echo "${start#0x}-$(printf '%x' $((start + 4096))) 0 prog.1 $there/prog" \
    >rec/modules/list
snap got --record=rec --sysroot=root core
is "a container's file is in no database of ours" "$(module package)" null

# --- the note

note()
{
	package_note "$1" >note.s
	cc -O1 -s -Wl,--build-id -o noted -x c - -x assembler note.s <<-'EOC'
	static int *volatile null_pointer;
	int main(void) { *null_pointer = 1; return 0; }
	EOC
	core_of core ./noted
}

note '{\"type\":\"rpm\",\"name\":\"disk\",\"version\":\"1.2-3.fc40\"}'
core-unwind core >text
like "a note" "$(cat text)" '^Package      disk 1.2-3.fc40$'
like "and how its package manager does it" "$(cat text)" \
    '^  To have it: dnf debuginfo-install disk$'
note '{\"type\":\"deb\",\"name\":\"x; reboot\",\"version\":\"1\"}'
core-unwind core >text
unlike "a note's lies are in no command" "$(cat text)" 'apt install'

# --- this machine's

if command -v dpkg-query >/dev/null && owner=$(dpkg-query -S /bin/dash 2>/dev/null)
then
	# shellcheck disable=SC2016
	echo 'kill -SEGV $$' >die
	core_of core /bin/dash die
	snap got core
	is "as dpkg has it" "$(get got '[.modules[] |
	    select(.path | endswith("/dash"))][0] |
	    .package + " " + .package_version')" \
	    "$(dpkg-query -W -f '${Package} ${Version}' "${owner%%:*}")"
else
	skip 1 "no dpkg that knows /bin/dash"
fi
finish
