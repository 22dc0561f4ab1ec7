#!/bin/sh
# SPDX-License-Identifier: ISC
# Puts corepipe on a machine, points the kernel's core_pattern at it, and takes
# both back. Every step looks first and changes only what differs, so a second
# run changes nothing; whole files appear by rename, and core_pattern is the
# last thing to change, so that the kernel never names a handler that is not
# there. Run as root by a person; reads its own tree, SYSCONFDIR/corepipe and
# /proc/sys, and trusts all three.
#
# Exits 0; 1 when a pattern or a limit that it took could not be put back as it
# was, for somebody else has changed it since; 100 when it was asked for what it
# does not know; 111 when the system refused.

set -eu
umask 022
LC_ALL=C
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin
export LC_ALL PATH
unset CDPATH

here=$(cd "$(dirname "$0")" && pwd)
proc=/proc/sys
pattern_file=$proc/kernel/core_pattern
limit_file=$proc/kernel/core_pipe_limit
suid_file=$proc/fs/suid_dumpable
pattern_max=127			# CORENAME_MAX_SIZE, less its NUL
user_comment='corepipe (made by its install.sh)'

synopsis='usage: install.sh [--dry-run] [--no-arm] [--no-deps] [--prefix=DIR]
                  [--suid-dumpable=N] [VAR=VALUE ...]
       install.sh --arm | --disarm | --status [--dry-run] [VAR=VALUE ...]
       install.sh --uninstall [--dry-run] [--purge] [VAR=VALUE ...]
       install.sh --deps | --test-deps [--dry-run]
       install.sh --files-only [--dry-run] [VAR=VALUE ...]'

say()
{
	printf '%s\n' "$*"
}

warn()
{
	printf 'install.sh: %s\n' "$*" >&2
}

die()
{
	status=$1
	shift
	warn "$*"
	exit "$status"
}

usage()
{
	warn "$1"
	say "$synopsis" >&2
	exit 100
}

have()
{
	command -v "$1" >/dev/null 2>&1
}

is_root()
{
	test "$(id -u)" -eq 0
}

# run COMMAND...: the way in which anything is changed; with --dry-run it only
# says so.
run()
{
	if test -n "$dry_run"; then
		say "would: $*"
	else
		"$@"
	fi
}

# ---------------------------------------------------------------- settings

# Where things go: from the command line, else from the record of what is
# installed (for all that does not install), else from config.mk.
settings='PREFIX BINDIR LIBEXECDIR SHAREDIR MANDIR SYSCONFDIR STOREDIR RUNUSER'

# Set in the copy in LIBEXECDIR, which acts when the source tree is gone.
baked_sysconfdir=
baked_version=

value_of()
{
	eval "printf '%s\n' \"\${$1-}\""
}

set_value()
{
	case " $settings DESTDIR OUT " in
	*" $1 "*) eval "$1=\$2" ;;
	*) usage "unknown setting '$1'" ;;
	esac
}

# config_mk NAME: its value there, $(PREFIX) replaced.
config_mk()
{
	sed -n "s/^$1[ 	]*=[ 	]*//p" "$here/config.mk" |
	    sed "s|\$(PREFIX)|$PREFIX|g"
}

# key FILE NAME: the value of its NAME=VALUE line.
key()
{
	sed -n "s/^$2=//p" "$1" | head -n 1
}

settle_settings()
{
	if test -z "$SYSCONFDIR"; then
		SYSCONFDIR=${baked_sysconfdir:-$(config_mk SYSCONFDIR)}
	fi
	installed=$SYSCONFDIR/corepipe/installed
	previous=$SYSCONFDIR/corepipe/previous
	armed_file=$SYSCONFDIR/corepipe/armed
	sysctl_conf=$SYSCONFDIR/sysctl.d/60-corepipe.conf
	old_handler='' armed_handler=
	test ! -f "$armed_file" || armed_handler=$(key "$armed_file" ARMED)
	if test -f "$installed"; then
		old_handler=$(key "$installed" LIBEXECDIR)/handler.sh
		test -z "$PREFIX" ||
		    test "$PREFIX" = "$(key "$installed" PREFIX)" ||
		    from_record=no
	fi
	for name in $settings; do
		test -z "$(value_of "$name")" || continue
		if test "$from_record" = yes && test -f "$installed"; then
			set_value "$name" "$(key "$installed" "$name")"
		elif test -f "$here/config.mk"; then
			set_value "$name" "$(config_mk "$name")"
		else
			die 100 "no source tree here, and no $installed"
		fi
	done
	handler=$LIBEXECDIR/handler.sh
	manifest=$SHAREDIR/manifest
	datadir=${SHAREDIR%/*}
	for name in $settings; do
		case $(value_of "$name") in
		*[!A-Za-z0-9_./+,:@-]*)
			die 100 "$name has a space or another character that" \
			    "core_pattern or sysctl.d cannot carry:" \
			    "'$(value_of "$name")'" ;;
		/*) ;;
		*)
			test "$name" = RUNUSER ||
			    die 100 "$name must begin with /:" \
				"'$(value_of "$name")'" ;;
		esac
	done
}

# ------------------------------------------------------------ dependencies

# The package manager: the first directory of PATH that has one; between two in
# the same directory os-release decides.
package_manager()
{
	like=" $(test ! -r /etc/os-release || (
		ID='' ID_LIKE=''
		# shellcheck source=/dev/null
		. /etc/os-release
		say "$ID $ID_LIKE")) "
	case $like in
	*suse*) order='zypper dnf apt-get apk pacman' ;;
	*" fedora "* | *" rhel "*) order='dnf apt-get apk pacman zypper' ;;
	*" alpine "*) order='apk apt-get dnf pacman zypper' ;;
	*" arch "*) order='pacman apt-get dnf apk zypper' ;;
	*) order='apt-get dnf apk pacman zypper' ;;
	esac
	old_ifs=$IFS
	IFS=:
	for dir in $PATH; do
		IFS=$old_ifs
		for name in $order; do
			if test -x "$dir/$name" && test ! -d "$dir/$name"; then
				say "$name"
				return
			fi
		done
	done
	IFS=$old_ifs
	return 1
}

# has PACKAGE: is it installed? A query that says nothing is a no.
has()
{
	case $manager in
	apt-get)
		# "not-installed" is another answer.
		case " $(dpkg-query -W -f '${db:Status-Status} ' "$1" 2>&1)" in
		*' installed '*) ;;
		*) return 1 ;;
		esac ;;
	dnf | zypper)
		have rpm && rpm -q --whatprovides "$1" >/dev/null 2>&1 ;;
	apk)
		test -n "$(apk info -e "$1" 2>/dev/null)" ;;
	pacman)
		test -n "$(pacman -Qq "$1" 2>/dev/null)" ;;
	esac
}

# can_have PACKAGE: does the package manager know it? Only apt-get is asked:
# the others say so themselves, one optional package at a time.
can_have()
{
	test "$manager" != apt-get || ! have apt-cache ||
	    test -n "$(apt-cache show "$1" 2>/dev/null | head -n 1)"
}

# lacking KIND: the packages of that kind in share/packages to be installed.
lacking()
{
	list=$here/share/packages
	case $manager in
	apt-get) column=2 ;;
	dnf) column=3 ;;
	apk) column=4 ;;
	pacman) column=5 ;;
	zypper) column=6 ;;
	esac
	awk -v kind="$1" -v column="$column" '
		$1 == kind && $column != "-" {
			gsub(",", "\n", $column)
			print $column
		}' "$list" | sort -u |
	while read -r choice; do
		first=
		for package in $(say "$choice" | tr '|' ' '); do
			! has "$package" || continue 2
			test -n "$first" || ! can_have "$package" ||
			    first=$package
		done
		# What cannot be had is asked for all the same, so that the
		# package manager says why; but for what is optional.
		if test -n "$first" || is_must "$1"; then
			say "${first:-${choice%%|*}}"
		fi
	done
}

# add PACKAGE...: by the package manager, asking nothing, starting no service.
add()
{
	case $manager in
	apt-get)
		refresh
		deny_services
		run env DEBIAN_FRONTEND=noninteractive apt-get install -y \
		    --no-install-recommends "$@" || return
		allow_services
		leave_off "$@" ;;
	dnf)
		run dnf install -y --setopt=install_weak_deps=False "$@" ;;
	apk)
		run apk add --no-cache "$@" ;;
	pacman)
		# A machine that never synchronised knows no package at all.
		run pacman -S --needed --noconfirm "$@" ||
		    run pacman -Sy --needed --noconfirm "$@" ;;
	zypper)
		run zypper --non-interactive install --no-recommends "$@" ;;
	esac
}

# Once, and only when something is to be installed; without a network the lists
# that are there may still do.
refresh()
{
	test -z "$refreshed" || return 0
	refreshed=yes
	test "$manager" != apt-get ||
	    run env DEBIAN_FRONTEND=noninteractive apt-get update -q ||
	    warn 'apt-get update failed: going on with the lists that are here'
}

# Debian starts a service as it installs it, unless policy-rc.d forbids.
deny_services()
{
	policy=/usr/sbin/policy-rc.d
	if test -z "$dry_run" && ! test -e "$policy"; then
		denied=$policy
		printf '#!/bin/sh\nexit 101\n' >"$policy"
		chmod 755 "$policy"
	fi
}

allow_services()
{
	test -z "$denied" || rm -f "$denied"
	denied=
}

# leave_off PACKAGE...: a server that the tests want is not one that the
# machine should start at its next boot.
leave_off()
{
	have systemctl || return 0
	for package; do
		case $package in
		redis-server) run systemctl disable --quiet redis-server || : ;;
		nginx*) run systemctl disable --quiet nginx || : ;;
		esac
	done
}

# is_must KIND: is it no use to go on without what is of it?
is_must()
{
	test "$1" = build || test "$1" = test
}

# need KIND: install what lacks of it.
need()
{
	packages=$(lacking "$1")
	test -n "$packages" || return 0
	if ! is_root && test -z "$dry_run"; then
		warn "missing packages (as root, $manager would add them):"
		say "$packages" | sed 's/^/	/' >&2
		return 0
	fi
	# shellcheck disable=SC2086
	if is_must "$1" && add $packages; then
		return
	elif test "$1" = build; then
		die 111 "$manager cannot install what the build needs"
	fi
	without='the tests that need it skip'
	test "$1" != wish || without='built without it'
	for package in $packages; do
		add "$package" || warn "no $package: $without"
	done
}

# deps KIND...
deps()
{
	if ! manager=$(package_manager); then
		warn "no package manager that share/packages has names for;" \
		    "see there what is needed"
		return 0
	fi
	# Lists that were never fetched know no package at all.
	if test "$manager" = apt-get && is_root && ! can_have gcc; then
		refresh
	fi
	for kind; do
		need "$kind"
	done
}

# ------------------------------------------------------------------- files

# Files are staged under a temporary name beside their place, all of them, and
# then renamed: a full disk leaves what was there before.
stage()
{
	from=$1 to=$2 mode=$3
	where=$DESTDIR$to
	say "$(sha256sum <"$from" | cut -d ' ' -f 1)  $to" >>"$staging/manifest"
	if test -f "$where" && ! test -L "$where" && cmp -s "$from" "$where" &&
	    test "$(stat -c '%a %u' "$where")" = "$mode $(id -u)"; then
		return
	fi
	if test -n "$dry_run"; then
		say "would: install $where"
		return
	fi
	make_dir "${to%/*}"
	say "$where" >>"$staging/moves"
	cp "$from" "$where.new.$$"
	chmod "$mode" "$where.new.$$"
}

# stage_link TARGET PLACE
stage_link()
{
	say "-  $2" >>"$staging/manifest"
	test "$(readlink "$DESTDIR$2" || :)" != "$1" || return 0
	test -n "$dry_run" || make_dir "${2%/*}"
	run ln -sf "$1" "$DESTDIR$2"
	changed=yes
}

# make_dir DIR: with what is above it; those made are taken away again by
# --uninstall.
make_dir()
{
	test ! -d "$DESTDIR$1" || return 0
	test -z "$1" || make_dir "${1%/*}"
	run mkdir -m 755 "$DESTDIR$1"
	say "dir  $1" >>"$staging/dirs"
}

begin_staging()
{
	staging=$(mktemp -d "${TMPDIR:-/tmp}/corepipe-install.XXXXXXXX")
	for name in manifest moves dirs stale; do
		: >"$staging/$name"
	done
}

commit_staging()
{
	while read -r file; do
		mv -f "$file.new.$$" "$file"
		changed=yes
	done <"$staging/moves"
	: >"$staging/moves"
}

# Ends every run, however it came about.
clean_up()
{
	status=$?
	trap - EXIT HUP INT TERM
	allow_services
	if test -n "$staging"; then
		while read -r file; do
			rm -f "$file.new.$$"
		done <"$staging/moves"
		rm -rf "$staging"
	fi
	exit "$status"
}

# fill FILE: with the places put in, as make does for scripts.
fill()
{
	sed -e "s|@STOREDIR@|$STOREDIR|g" -e "s|@BINDIR@|$BINDIR|g" \
	    -e "s|@LIBEXECDIR@|$LIBEXECDIR|g" -e "s|@SHAREDIR@|$SHAREDIR|g" \
	    -e "s|@SYSCONFDIR@|$SYSCONFDIR|g" -e "s|@RUNUSER@|$RUNUSER|g" "$1"
}

install_files()
{
	check_length
	for file in "$here"/bin/*; do
		stage_built "bin/${file##*/}" "$BINDIR/${file##*/}"
	done
	for file in "$here"/libexec/*; do
		stage_built "libexec/${file##*/}" "$LIBEXECDIR/${file##*/}"
	done
	sed -e "s|^baked_sysconfdir=.*|baked_sysconfdir=$SYSCONFDIR|" \
	    -e "s|^baked_version=.*|baked_version=$(config_mk VERSION)|" \
	    "$here/install.sh" >"$staging/file"
	stage "$staging/file" "$LIBEXECDIR/install.sh" 755
	install_share
	for file in "$here"/man/*.[1-8]; do
		section=${file##*.}
		stage "$file" "$MANDIR/man$section/${file##*/}" 644
	done
	for name in README.md CHANGES SECURITY.md LICENSE; do
		test ! -f "$here/$name" ||
		    stage "$here/$name" "$datadir/doc/corepipe/$name" 644
	done
	install_conf
	install_record
}

# stage_built SOURCE PLACE: what make made of it.
stage_built()
{
	case $OUT in
	/*) built=$OUT/$1 ;;
	*) built=$here/$OUT/$1 ;;
	esac
	mode=755
	case $2 in
	"$LIBEXECDIR"/*.sh)
		# Pieces that programs source begin with no "#!".
		test ! -f "$built" || head -n 1 "$built" | grep -q '^#!' ||
		    mode=644 ;;
	esac
	if test -f "$built"; then
		stage "$built" "$2" "$mode"
	elif test -n "$dry_run"; then
		say "would: install $DESTDIR$2"
	else
		die 100 "no $built: run make first"
	fi
}

install_share()
{
	for file in "$here"/share/* "$here"/share/*/*; do
		name=${file#"$here"/share/}
		test -f "$file" || continue
		case $name in
		packages | completions/_*) continue ;;
		esac
		fill "$file" >"$staging/file"
		stage "$staging/file" "$SHAREDIR/$name" 644
	done
	stage "$here/share/completions/_corepipe" \
	    "$datadir/zsh/site-functions/_corepipe" 644
	# bash and fish look for a file named for the program.
	files=../../${SHAREDIR##*/}/completions
	for file in "$here"/bin/*; do
		name=${file##*/}
		stage_link "$files/corepipe.bash" \
		    "$datadir/bash-completion/completions/$name"
		stage_link "$files/corepipe.fish" \
		    "$datadir/fish/vendor_completions.d/$name.fish"
	done
}

# The administrator's file is never written again; a default that has changed
# since the last time is put beside it.
install_conf()
{
	conf=$SYSCONFDIR/corepipe/corepipe.conf
	fill "$here/share/corepipe.conf" >"$staging/conf"
	if test ! -e "$DESTDIR$conf"; then
		stage_once "$staging/conf" "$conf"
	elif test -f "$DESTDIR$SHAREDIR/corepipe.conf" &&
	    ! cmp -s "$staging/conf" "$DESTDIR$SHAREDIR/corepipe.conf" &&
	    ! cmp -s "$staging/conf" "$DESTDIR$conf"; then
		stage_once "$staging/conf" "$conf.new"
		say "new default settings in $DESTDIR$conf.new: yours are kept"
	fi
}

# stage_once FILE PLACE: not in the manifest, so that --uninstall leaves it.
stage_once()
{
	if test -n "$dry_run"; then
		say "would: install $DESTDIR$2"
		return
	fi
	make_dir "${2%/*}"
	say "$DESTDIR$2" >>"$staging/moves"
	cp "$1" "$DESTDIR$2.new.$$"
	chmod 644 "$DESTDIR$2.new.$$"
}

# The manifest: a checksum and a path of each file, and the directories made.
# With it come the places, for a later run that is told none.
install_record()
{
	{
		say '# What install.sh put here.'
		for name in $settings; do
			say "$name=$(value_of "$name")"
		done
	} >"$staging/installed"
	stage "$staging/installed" "$installed" 644
	cp "$staging/manifest" "$staging/files"
	old=$DESTDIR$manifest
	test ! -f "$installed" || test -n "$DESTDIR" ||
	    old=$(key "$installed" SHAREDIR)/manifest
	{
		sort -k 2 "$staging/files"
		{
			cat "$staging/dirs"
			test ! -f "$old" || grep '^dir  ' "$old" || :
		} | sort -u
	} >"$staging/new-manifest"
	test ! -f "$old" || find_stale "$old"
	stage "$staging/new-manifest" "$manifest" 644
	commit_staging
}

# Files of an earlier version, or of another prefix, that are no more.
find_stale()
{
	while read -r sum path; do
		test "$sum" = dir ||
		    grep -q "  $path\$" "$staging/new-manifest" ||
		    say "$DESTDIR$path"
	done <"$1" >"$staging/stale"
	test "$1" = "$DESTDIR$manifest" || say "$1" >>"$staging/stale"
}

# After arming: the old handler serves until then.
remove_stale()
{
	if test -z "$DESTDIR" && test "$old_handler" != "$handler"; then
		case $(cat "$pattern_file") in
		"|${old_handler:-none}"*)
			warn "$old_handler is still armed: its files stay"
			return ;;
		esac
	fi
	while read -r file; do
		remove_file "$file"
	done <"$staging/stale"
}

remove_file()
{
	if test -e "$1" || test -L "$1"; then
		run rm -f "$1"
		changed=yes
	fi
}

# ---------------------------------------------------------- user and store

user_line()
{
	if have getent; then
		getent "$1" "$RUNUSER" || :
	else
		grep "^$RUNUSER:" "/etc/$1" || :
	fi
}

make_user()
{
	test -z "$(user_line passwd)" || return 0
	shell=/bin/false
	for file in /sbin/nologin /usr/sbin/nologin; do
		test ! -x "$file" || shell=$file
	done
	if have useradd; then
		group=--user-group
		test -z "$(user_line group)" || group="--gid=$RUNUSER"
		run useradd --system --no-create-home --home-dir /nonexistent \
		    --shell "$shell" --comment "$user_comment" "$group" \
		    "$RUNUSER"
	else
		test -n "$(user_line group)" || run addgroup -S "$RUNUSER"
		run adduser -S -D -H -h /nonexistent -s "$shell" \
		    -g "$user_comment" -G "$RUNUSER" "$RUNUSER"
	fi
	changed=yes
}

# store_dir DIR MODE GROUP: made, or put right.
store_dir()
{
	test -d "$1" || run mkdir -p -m "$2" "$1"
	if test -d "$1"; then
		test "$(stat -c '%a %U %G' "$1")" != "$2 root $3" || return 0
		run chown "root:$3" "$1"
		run chmod "$2" "$1"
	fi
	changed=yes
}

make_store()
{
	store_dir "$STOREDIR" 755 root
	store_dir "$STOREDIR/new" 700 root
	for state in pending sending archive failed; do
		store_dir "$STOREDIR/$state" 771 "$RUNUSER"
	done
	store_dir "$STOREDIR/owner" 711 root
	store_dir "$STOREDIR/known" 700 root
	# Its time says since when the kernel's log is ours.
	test -e "$STOREDIR/known/lock" || run touch "$STOREDIR/known/lock"
}

# ----------------------------------------------------------------- arming

# runs PATTERN PROGRAM
runs()
{
	case $1 in
	"|$2" | "|$2 "*) test -n "$2" ;;
	*) return 1 ;;
	esac
}

# is_ours PATTERN: does it run the handler of this installation, of the one
# that it replaces, or the one armed last? An installation with --no-arm makes
# these three different.
is_ours()
{
	runs "$1" "$handler" || runs "$1" "$old_handler" ||
	    runs "$1" "$armed_handler"
}

check_length()
{
	template=$here/share/sysctl.d/60-corepipe.conf
	test -f "$template" || template=$SHAREDIR/sysctl.d/60-corepipe.conf
	pattern=$(fill "$template" | sed -n 's/^kernel\.core_pattern=//p')
	test "${#pattern}" -le "$pattern_max" || die 100 "$handler makes" \
	    "core_pattern ${#pattern} bytes long, and the kernel cuts it at" \
	    "$pattern_max: choose a prefix that is" \
	    "$((${#pattern} - pattern_max)) bytes shorter"
}

# write_proc FILE VALUE: and see that it took.
write_proc()
{
	test "$(cat "$1")" != "$2" || return 0
	if test -n "$dry_run"; then
		say "would: write '$2' to $1"
		return
	fi
	{ printf '%s\n' "$2" >"$1"; } 2>/dev/null || return
	test "$(cat "$1")" = "$2" || return
	changed=yes
}

can_write_pattern()
{
	# Not ":", for which a failed redirection ends a POSIX shell.
	{ true >>"$pattern_file"; } 2>/dev/null
}

# What was there before is kept once, and given up only by --disarm. The lines
# of the file: core_pattern, core_pipe_limit, suid_dumpable. stage-chain reads
# the first.
keep_previous()
{
	! is_ours "$old_pattern" || return 0
	if test -f "$previous"; then
		say "core_pattern was $old_pattern; what --disarm puts back" \
		    "is $(sed -n 1p "$previous"), which was first"
		return
	fi
	{
		say "$old_pattern"
		say "$old_limit"
		cat "$suid_file"
	} >"$staging/previous"
	stage_once "$staging/previous" "$previous"
	kept_now=yes
}

# The limit is raised where it lets the kernel run ahead (0) or is below ours;
# a larger one was somebody's wish. It costs nothing until that many crash at
# once, and what exceeds it the kernel drops: of forty, 16 would lose half.
wanted_limit()
{
	if test "$old_limit" -gt 256; then
		say "$old_limit"
	else
		say 256
	fi
}

# The file for the next boot; the line for suid_dumpable stays until --disarm.
stage_sysctl()
{
	test -n "$suid_dumpable" || test ! -f "$sysctl_conf" ||
	    suid_dumpable=$(key "$sysctl_conf" fs.suid_dumpable)
	{
		fill "$template" | sed "s/@LIMIT@/$limit/"
		if test -n "$suid_dumpable"; then
			say
			say "# Asked for with --suid-dumpable."
			say "fs.suid_dumpable=$suid_dumpable"
		fi
	} >"$staging/sysctl"
	cmp -s "$staging/sysctl" "$sysctl_conf" ||
	    stage_once "$staging/sysctl" "$sysctl_conf"
}

# Which handler it is that --disarm must know again. Staged while a full disk
# can still stop it, renamed when the pattern is written: until then the armed
# one is another.
stage_armed()
{
	say "ARMED=$handler" >"$staging/armed"
	cmp -s "$staging/armed" "$armed_file" ||
	    stage_once "$staging/armed" "$armed_file"
}

arm()
{
	check_length
	test -n "$dry_run" || test -x "$handler" ||
	    die 111 "arm: no handler at $handler"
	had_sysctl=$(test ! -f "$sysctl_conf" || say yes)
	kept_now=
	old_pattern=$(cat "$pattern_file")
	old_limit=$(cat "$limit_file")
	limit=$(wanted_limit)
	if ! can_write_pattern; then
		stage_sysctl
		commit_staging
		die 111 "$pattern_file cannot be written here (a container?):" \
		    'everything is installed, nothing is armed'
	fi
	keep_previous
	stage_sysctl
	commit_staging
	trap 'disarm_half; clean_up' EXIT
	stage_armed
	test -z "$suid_dumpable" || write_proc "$suid_file" "$suid_dumpable" ||
	    die 111 "cannot set $suid_file to $suid_dumpable"
	write_proc "$limit_file" "$limit" ||
	    die 111 "cannot set $limit_file to $limit"
	write_proc "$pattern_file" "$pattern" ||
	    die 111 "cannot set $pattern_file to $pattern"
	trap clean_up EXIT
	commit_staging
	if test -z "$dry_run" && test "$old_pattern" != "$pattern"; then
		say "core_pattern was: $old_pattern"
		say "core_pattern is:  $pattern"
	fi
	warn_of_rivals || :
}

# Arming stopped half way: leave what was there.
disarm_half()
{
	status=$?
	test -n "$had_sysctl" || rm -f "$sysctl_conf"
	write_proc "$pattern_file" "$old_pattern" || :
	write_proc "$limit_file" "$old_limit" || :
	if test -n "$kept_now"; then
		write_proc "$suid_file" "$(sed -n 3p "$previous")" || :
		rm -f "$previous"
	fi
	return "$status"
}

disarm()
{
	pattern=$(cat "$pattern_file")
	if is_ours "$pattern"; then
		put_back ||
		    die 111 "cannot put back $pattern_file: still armed"
	else
		say "core_pattern is not ours, and is left alone: $pattern"
		put_back_rest ||
		    die 111 "cannot put back $limit_file and $suid_file"
	fi
	remove_file "$sysctl_conf"
	if test -n "$not_put_back"; then
		return
	fi
	remove_file "$previous"
	remove_file "$armed_file"
}

# Where another program has the pattern. What was kept is given up only when
# nothing of it is needed any more.
put_back_rest()
{
	test -f "$previous" || return 0
	before=$(sed -n 1p "$previous")
	if test -f "$sysctl_conf"; then
		put_back_ours "$limit_file" \
		    "$(key "$sysctl_conf" kernel.core_pipe_limit)" \
		    "$(sed -n 2p "$previous")" || return
		put_back_ours "$suid_file" \
		    "$(key "$sysctl_conf" fs.suid_dumpable)" \
		    "$(sed -n 3p "$previous")" || return
	fi
	if test "$pattern" != "$before"; then
		not_put_back=yes
		warn "core_pattern was not put back: before corepipe it was" \
		    "'$before', which $previous keeps. Write that to" \
		    "$pattern_file and --disarm again, or remove $previous"
	fi
}

# put_back_ours FILE OURS BEFORE: a value that arming did not set is somebody
# else's by now.
put_back_ours()
{
	if test -z "$2" || test -z "$3" || test "$(cat "$1")" != "$2"; then
		return 0
	fi
	write_proc "$1" "$3"
}

# The kernel's own defaults, when nothing was kept.
put_back()
{
	before=core limit=0 suid=
	if test -f "$previous"; then
		before=$(sed -n 1p "$previous")
		limit=$(sed -n 2p "$previous")
		suid=$(sed -n 3p "$previous")
	else
		warn "no $previous: putting back the kernel's default"
	fi
	write_proc "$pattern_file" "$before" || return
	write_proc "$limit_file" "$limit" || return
	if test -f "$sysctl_conf" && test -n "$suid" &&
	    test -n "$(key "$sysctl_conf" fs.suid_dumpable)"; then
		write_proc "$suid_file" "$suid" || return
	fi
	test -n "$dry_run" || say "core_pattern is again: $before"
}

# Programs that write core_pattern when they start, after sysctl.d was read.
warn_of_rivals()
{
	rival=
	if test -x /usr/share/apport/apport &&
	    ! grep -qs '^enabled=0' /etc/default/apport; then
		rival=apport
	elif test -x /usr/libexec/abrt-hook-ccpp; then
		rival=abrt-ccpp
	fi
	if test -n "$rival"; then
		warn "$rival takes core_pattern when it starts: disable it" \
		    "(systemctl disable --now $rival.service)"
	fi
	winner=$(boot_winner)
	if test -n "$winner" && test "$winner" != "$sysctl_conf"; then
		warn "$winner sets core_pattern after $sysctl_conf: at the" \
		    'next boot it would win'
	fi
	test -z "$rival" && test "${winner:-$sysctl_conf}" = "$sysctl_conf"
}

# The file of sysctl.d that has the last word on core_pattern at boot: sorted
# by name over all directories, the earlier directory winning for one name.
boot_winner()
{
	test "$SYSCONFDIR" = /etc || return 0
	{
		for file in /etc/sysctl.d/*.conf /run/sysctl.d/*.conf \
		    /usr/local/lib/sysctl.d/*.conf /usr/lib/sysctl.d/*.conf \
		    /lib/sysctl.d/*.conf; do
			test ! -f "$file" || say "${file##*/} $file"
		done
	} | sort -s -u -k 1,1 | while read -r name file; do
		grep -Eq '^[ 	]*-?kernel[./]core_pattern[ 	]*=' "$file" &&
		    say "$file"
	done | tail -n 1
}

# ----------------------------------------------------------------- status

alarm()
{
	say "ALARM           $*"
	sound=no
}

status()
{
	sound=yes
	pattern=$(cat "$pattern_file")
	limit=$(cat "$limit_file")
	say "core_pattern    $pattern"
	if runs "$pattern" "$handler"; then
		armed=yes
		say "armed           yes, ours, in $PREFIX"
	else
		armed=no
		sound=no
		say "armed           no: the pattern is not of $handler"
	fi
	status_handler
	say "core_pipe_limit $limit"
	if test "$armed" = yes && test "$limit" -eq 0; then
		alarm 'core_pipe_limit is 0: the kernel does not wait for the' \
		    'handler, and small processes are gone before /proc is read'
	fi
	status_suid
	if test -n "$(user_line passwd)"; then
		say "user            $RUNUSER, uid $(id -u "$RUNUSER")"
	else
		alarm "no user $RUNUSER: core-unwind has nobody to become"
	fi
	status_store
	if test -f "$previous"; then
		say "before          $(sed -n 1p "$previous")" \
		    "(core_pipe_limit $(sed -n 2p "$previous"))"
	fi
	status_boot
	say "next crash      $(next_crash)"
	test "$sound" = yes
}

status_handler()
{
	if test ! -e "$handler"; then
		say "handler         $handler is not there"
		test "$armed" = no || alarm "the armed handler is not there"
		return
	fi
	# shellcheck disable=SC2046
	set -- $(stat -c '%U:%G %a' "$handler")
	say "handler         $handler, owner $1, mode $2"
	sum=$(sha256sum <"$handler" | cut -d ' ' -f 1)
	test -x "$handler" || alarm "$handler cannot be executed"
	if test -f "$manifest"; then
		recorded=$(sed -n "s|  $handler\$||p" "$manifest")
		if test "$sum" = "$recorded"; then
			say "  sha256        $sum, as installed"
		else
			say "  sha256        $sum, NOT as installed ($recorded)"
		fi
		# The handler sources and runs the files beside it.
		grep -E "  ($LIBEXECDIR|$BINDIR)/" "$manifest" |
		    sha256sum -c 2>/dev/null |
		    sed -n 's/: FAILED.*//p' >"$staging/differ"
		while read -r file; do
			alarm "$file is not what was installed"
		done <"$staging/differ"
	else
		alarm "no $manifest: nobody knows what was installed"
	fi
	for file in "$LIBEXECDIR"/* "$BINDIR"/core-* "$BINDIR"/snap-*; do
		status_file "$file"
	done
	status_parents "$LIBEXECDIR"
	status_parents "$BINDIR"
}

# Root runs these: nobody else may be able to change or replace them.
status_file()
{
	test -f "$1" || return 0
	grep -q "  $1\$" "$manifest" 2>/dev/null || return 0
	case $(stat -c '%u %g %a' "$1") in
	'0 '*' '*[2367]) alarm "$1 can be written by anybody" ;;
	'0 0 '* | '0 '*' '*[0145]?) ;;
	'0 '*) alarm "$1 can be written by group $(stat -c %G "$1")" ;;
	*) alarm "$1 belongs to $(stat -c %U "$1"), not to root" ;;
	esac
}

# A directory that others write is safe only when it is sticky: in it, an
# entry of root's is root's to replace.
status_parents()
{
	dir=$1
	while test -n "$dir"; do
		case $(stat -L -c '%u %a' "$dir") in
		'0 1'???) ;;
		'0 '*[2367]) alarm "$dir can be written by anybody" ;;
		'0 '*) ;;
		*) alarm "$dir belongs to $(stat -c %U "$dir"), not to root" ;;
		esac
		dir=${dir%/*}
	done
}

status_suid()
{
	case $(cat "$suid_file") in
	0) what='programs that change their rights leave no crash' ;;
	1) what='UNSAFE: such programs are dumped as their user' ;;
	2) what='programs that change their rights: records for root alone' ;;
	*) what='not a value that the kernel knows' ;;
	esac
	say "suid_dumpable   $(cat "$suid_file") ($what)"
}

conf_store()
{
	store=
	test ! -r "$SYSCONFDIR/corepipe/corepipe.conf" ||
	    store=$(key "$SYSCONFDIR/corepipe/corepipe.conf" store)
	say "${store:-$STOREDIR}"
}

status_store()
{
	store=$(conf_store)
	if test ! -d "$store"; then
		say "store           $store is not there yet"
		return
	fi
	free=$(df -Pk "$store" 2>/dev/null | awk 'NR == 2 { print $4 }')
	if test -n "$free"; then
		text="$store, $((free / 1024)) MiB free"
		test "$free" -ge 65536 ||
		    alarm "less than 64 MiB are free for $store"
	else
		text="$store, of which df does not know how much is free"
	fi
	if is_root; then
		count=$(find "$store/pending" "$store/sending" \
		    "$store/archive" "$store/failed" -mindepth 1 -maxdepth 1 \
		    -type d 2>/dev/null | wc -l)
		text="$text, $((count)) records"
	fi
	say "store           $text"
	test "$(stat -c %u "$store")" -eq 0 ||
	    alarm "$store belongs to $(stat -c %U "$store"), not to root"
}

status_boot()
{
	if test "$armed" = no; then
		return
	elif test -f "$sysctl_conf"; then
		say "after a boot    armed by $sysctl_conf"
	else
		alarm "no $sysctl_conf: the next boot disarms"
	fi
	warn_of_rivals || sound=no
}

# What the kernel would do with it, said in words.
next_crash()
{
	program=${pattern#|}
	program=${program%% *}
	case $pattern in
	'|'*)
		if test ! -x "$program"; then
			say "is LOST: the kernel would run $program, which" \
			    'is not there or cannot be executed'
		elif test "$armed" = yes; then
			say "is recorded: the kernel runs $handler as root," \
			    "which keeps core and report in $(conf_store);" \
			    "at most $limit are handled at one time"
		else
			say "goes to $program, and is not recorded by corepipe"
		fi ;;
	'') say 'leaves nothing: the pattern is empty' ;;
	@*) say "goes to the socket ${pattern#@}, and is not recorded by" \
		'corepipe' ;;
	/*) say "leaves a core file at $pattern where the program's" \
		'RLIMIT_CORE allows one, and is not recorded by corepipe' ;;
	*) say "leaves a core file '$pattern' in the program's working" \
		'directory where its RLIMIT_CORE allows one, and is not' \
		'recorded by corepipe' ;;
	esac
}

# ----------------------------------------------------------------- actions

action_install()
{
	test -n "$DESTDIR" || need_root
	check_length
	test -n "$no_deps" || deps build wish
	jobs=$(nproc 2>/dev/null || say 1)
	run make -C "$here" -j "$jobs" "OUT=$OUT" "PREFIX=$PREFIX" \
	    "BINDIR=$BINDIR" "LIBEXECDIR=$LIBEXECDIR" "SHAREDIR=$SHAREDIR" \
	    "MANDIR=$MANDIR" "SYSCONFDIR=$SYSCONFDIR" "STOREDIR=$STOREDIR" \
	    "RUNUSER=$RUNUSER" all || die 111 'the build failed'
	if test -n "$DESTDIR"; then
		install_files
		remove_stale
		say "installed under $DESTDIR; armed nothing"
		return
	fi
	make_user
	make_dir "$SYSCONFDIR/sysctl.d"
	install_files
	make_store
	test -n "$no_arm" || arm
	remove_stale
	report
}

action_files_only()
{
	install_files
	remove_stale
}

report()
{
	test -z "$dry_run" || return 0
	if test -z "$changed"; then
		say 'nothing to do: all is in place'
	elif test -n "$no_arm"; then
		say "installed in $PREFIX; not armed"
	else
		say "installed in $PREFIX and armed; ./test.sh crashes a few" \
		    'programs to see'
	fi
}

action_arm()
{
	need_root
	no_destdir
	make_user
	make_store
	arm
	report
}

action_disarm()
{
	need_root
	no_destdir
	disarm
	test -z "$not_put_back"
}

action_status()
{
	no_destdir
	status
}

action_uninstall()
{
	need_root
	no_destdir
	disarm
	test -z "$purge" || purge
	if test -f "$manifest"; then
		remove_installed
	else
		say "no $manifest: no file of corepipe is known here"
	fi
	if test -n "$purge"; then
		# It may be older than the manifest: from an installation before.
		remove_dir "$SYSCONFDIR/corepipe"
	elif test -z "$dry_run"; then
		say "kept: $STOREDIR, $SYSCONFDIR/corepipe and the user" \
		    "$RUNUSER (--purge removes them)"
	fi
	test -z "$not_put_back"
}

# remove_dir DIR: if it is there, and empty.
remove_dir()
{
	test ! -d "$1" || run rmdir "$1" 2>/dev/null || :
}

# The directories go last, deepest first, and only where they are empty.
remove_installed()
{
	cp "$manifest" "$staging/old"
	remove_file "$manifest"
	while read -r sum path; do
		test "$sum" = dir || remove_file "$path"
	done <"$staging/old"
	sed -n 's/^dir  //p' "$staging/old" | sort -r |
	while read -r dir; do
		remove_dir "$dir"
	done
}

# A store is known by its directories: a setting gone wrong must not take a
# home directory along.
purge()
{
	conf_dir=$SYSCONFDIR/corepipe
	for file in "$conf_dir/corepipe.conf" "$conf_dir/corepipe.conf.new"; do
		remove_file "$file"
	done
	if test -d "$STOREDIR/new" && test -d "$STOREDIR/archive"; then
		for name in new pending sending archive failed owner known; do
			run rm -rf "$STOREDIR/$name"
		done
		run rm -f "$STOREDIR"/index.db*
		run rmdir "$STOREDIR" || :
	fi
	case $(user_line passwd) in
	*"$user_comment"*)
		if have userdel; then
			run userdel "$RUNUSER"
		else
			run deluser "$RUNUSER"
		fi
		test -z "$(user_line group)" || ! have groupdel ||
		    run groupdel "$RUNUSER" ;;
	esac
}

need_root()
{
	test -n "$dry_run" || is_root ||
	    die 100 "must be root: sudo $0 $arguments"
}

no_destdir()
{
	test -z "$DESTDIR" || usage "DESTDIR is for files: this acts on the machine"
}

set_action()
{
	test -z "$action" || usage "--$action and $1: choose one"
	action=${1#--}
}

parse()
{
	for arg; do
		case $arg in
		--arm | --deps | --disarm | --files-only | --status | \
		--test-deps | --uninstall) set_action "$arg" ;;
		--dry-run | -n) dry_run=yes ;;
		--help | -h) say "$synopsis"; exit 0 ;;
		--no-arm) no_arm=yes ;;
		--no-deps) no_deps=yes ;;
		--prefix=*) PREFIX=${arg#*=} ;;
		--purge) purge=yes ;;
		--suid-dumpable=[02]) suid_dumpable=${arg#*=} ;;
		--version | -V)
			say "install.sh ${baked_version:-$(config_mk VERSION)}"
			exit 0 ;;
		-*) usage "unknown option '$arg'" ;;
		[A-Z]*=*) set_value "${arg%%=*}" "${arg#*=}" ;;
		*) usage "unknown argument '$arg'" ;;
		esac
	done
	test -z "$purge" || test "$action" = uninstall ||
	    usage '--purge goes with --uninstall'
}

main()
{
	arguments=$*
	PREFIX='' BINDIR='' LIBEXECDIR='' SHAREDIR='' MANDIR='' SYSCONFDIR=''
	STOREDIR='' RUNUSER='' OUT=build DESTDIR=${DESTDIR-}
	action='' dry_run='' no_arm='' no_deps='' purge='' suid_dumpable=''
	staging='' denied='' refreshed='' changed='' not_put_back=''
	parse "$@"
	case $action in
	arm | disarm | status | uninstall) from_record=yes ;;
	*) from_record=no ;;
	esac
	settle_settings
	trap clean_up EXIT
	trap 'exit 129' HUP
	trap 'exit 130' INT
	trap 'exit 143' TERM
	begin_staging
	case $action in
	'') action_install ;;
	arm) action_arm ;;
	deps) deps build wish ;;
	disarm) action_disarm ;;
	files-only) action_files_only ;;
	status) action_status ;;
	test-deps) deps build wish test option ;;
	uninstall) action_uninstall ;;
	esac
}

main "$@"
