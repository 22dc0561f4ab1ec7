#!/bin/sh
# SPDX-License-Identifier: ISC
# Which package manager install.sh calls, and how: a recorder stands in for
# each, and the real one answers on Debian.

. "$(dirname "$0")/lib.sh"
plan 29

fake=$TRASH/bin
PATH=$fake:$PATH

# recorder NAME [STATUS]: a package manager that only writes down its call.
recorder()
{
	cat >"$fake/$1" <<-EOF
	#!/bin/sh
	echo "$1 \$*" >>"$TRASH/calls"
	exit ${2-0}
	EOF
	chmod 755 "$fake/$1"
}

# on MANAGER OPTION...: what is called on a machine that has just MANAGER, and
# nothing installed: the first directory of PATH that has one decides. Root is
# who id says we are.
on()
{
	local name="$1"
	shift
	rm -rf "$fake"
	mkdir "$fake"
	: >"$TRASH/calls"
	recorder "$name"
	printf '#!/bin/sh\necho 0\n' >"$fake/id"
	printf '#!/bin/sh\nexit 1\n' >"$fake/rpm"
	chmod 755 "$fake/id" "$fake/rpm"
	sh "$SRC/install.sh" "$@" >"$TRASH/out" 2>&1
}


# names KIND COLUMN: the packages that share/packages has, first choices.
names()
{
	awk -v kind="$1" -v column="$2" '$1 == kind && $column != "-" {
		gsub(",", "\n", $column); gsub("[|][^\n]*", "", $column)
		print $column }' "$SRC/share/packages" | sort -u
}

# needs COLUMN [KIND...]: what must be there and what is wished for, and more.
needs()
{
	local column="$1"
	shift
	for kind in build wish "$@"; do
		names "$kind" "$column"
	done | sort -u
}

# asked WORDS...: the packages in the recorded calls that begin so.
asked()
{
	sed -n "s/^$*//p" "$TRASH/calls" | tr ' ' '\n' | grep . | sort -u
}

on dnf --deps
is "dnf: the build" "$(asked 'dnf install -y --setopt=install_weak_deps=False')" \
    "$(needs 3)"
is "dnf: what must be there in one call" "$(head -n 1 "$TRASH/calls" |
    wc -w)" "$(($(names build 3 | wc -l) + 4))"
is "dnf: a wish in one of its own" "$(sed 1d "$TRASH/calls" | wc -l)" \
    "$(names wish 3 | wc -l)"
on dnf --test-deps
is "dnf: the tests" "$(asked 'dnf install -y --setopt=install_weak_deps=False')" \
    "$(needs 3 test option)"

on apk --deps
is "apk: the build" "$(asked 'apk add --no-cache')" "$(needs 4)"
on apk --test-deps
is "apk: the tests" "$(asked 'apk add --no-cache')" \
    "$(needs 4 test option)"

on pacman --deps
is "pacman: the build" "$(asked 'pacman -S --needed --noconfirm')" \
    "$(needs 5)"
on pacman --test-deps
is "pacman: the tests" "$(asked 'pacman -S --needed --noconfirm')" \
    "$(needs 5 test option)"

on zypper --deps
is "zypper: the build" \
    "$(asked 'zypper --non-interactive install --no-recommends')" \
    "$(needs 6)"
on zypper --test-deps
is "zypper: the tests" \
    "$(asked 'zypper --non-interactive install --no-recommends')" \
    "$(needs 6 test option)"

# What some names are known to be, whatever the table says.
like "Fedora calls it so" "$(names build 3)" '^elfutils-devel$'
like "Alpine calls it so" "$(names build 4)" '^elfutils-dev$'
like "Arch calls it so" "$(names build 5)" '^libelf$'
like "openSUSE calls it so" "$(names build 6)" '^libdw-devel$'
unlike "no package that writes core_pattern" \
    "$(grep -v '^#' "$SRC/share/packages")" \
    'corekeeper|systemd-coredump|apport|abrt'

# --- apt-get, by a recorder: nothing of this machine is asked

apt_machine()
{
	on apt-get --dry-run --no-arm >/dev/null
	: >"$TRASH/calls"
	recorder apt-get "${1-0}"
	printf '#!/bin/sh\nprintf "not-installed "\n' >"$fake/dpkg-query"
	printf '#!/bin/sh\necho "Package: it"\n' >"$fake/apt-cache"
	chmod 755 "$fake/dpkg-query" "$fake/apt-cache"
	test -e /usr/sbin/policy-rc.d && policy_before=yes || policy_before=no
}

if test "$(id -u)" -eq 0; then
	apt_machine
	sh "$SRC/install.sh" --deps >/dev/null 2>&1
	is "apt-get: the lists first" "$(head -n 1 "$TRASH/calls")" \
	    'apt-get update -q'
	is "apt-get: the build" \
	    "$(asked 'apt-get install -y --no-install-recommends')" \
	    "$(needs 2)"
	is "apt-get: two calls, and one for each wish" \
	    "$(wc -l <"$TRASH/calls")" "$((2 + $(names wish 2 | wc -l)))"
	apt_machine 100
	ok_no "apt-get failing is a failure" 111 sh "$SRC/install.sh" --deps
	is "policy-rc.d is as it was" \
	    "$(test -e /usr/sbin/policy-rc.d && echo yes || echo no)" \
	    "$policy_before"
else
	skip 5 "policy-rc.d is root's to write"
fi

# --- as an ordinary user

printf '#!/bin/sh\necho 1000\n' >"$fake/id"
apt_machine
printf '#!/bin/sh\necho 1000\n' >"$fake/id"
ok "an ordinary user is told" sh "$SRC/install.sh" --test-deps
like "what is missing" "$(sh "$SRC/install.sh" --test-deps 2>&1)" 'libdw-dev'
is "and nothing is called" "$(cat "$TRASH/calls")" ''

# --- a dry run

on dnf --deps --dry-run
like "a dry run says what would be called" "$(cat "$TRASH/out")" \
    '^would: dnf install -y .*elfutils-devel'
is "a dry run calls nothing" "$(cat "$TRASH/calls")" ''

# --- no package manager at all, and the real one

rm -rf "$fake"
mkdir "$fake"
if command -v dpkg-query >/dev/null && command -v apt-get >/dev/null; then
	recorder apt-get
	: >"$TRASH/calls"
	missing=$(sh "$SRC/install.sh" --deps --dry-run)
	is "all that this build was made with is known to be here" "$missing" ''
	ok "asking again" sh "$SRC/install.sh" --deps
	is "calls nothing" "$(cat "$TRASH/calls")" ''
else
	skip 3 "not Debian"
fi
ok "install.sh --no-deps asks for no package" sh -c \
    "! sh '$SRC/install.sh' --dry-run --no-deps | grep apt-get"
