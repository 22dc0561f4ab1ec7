#!/bin/sh
# SPDX-License-Identifier: ISC
# What a program says of itself with -h is the SYNOPSIS of its page, -V names
# it and its version, and a wrong option is answered with both, and 100.

. "$(dirname "$0")/lib.sh"
need_command mandoc
programs=$(cd "$SRC/bin" && echo *)
version=$(sed -n 's/^VERSION[[:space:]]*= //p' "$SRC/config.mk")
# shellcheck disable=SC2086
set -- $programs handler.sh
plan $(($# * 6))

# words: options, operands and brackets, one form for both sides. A page may
# break its lines anywhere.
words()
{
	tr '\n\t' '  ' | sed -e 's/usage://' -e 's/  */ /g' -e 's/^ //' \
	    -e 's/ $//' -e 's/< /</g'
}

synopsis()
{
	mandoc -T ascii "$1" | sed "s/.$(printf '\b')//g" |
	    awk '/^[A-Z]/ { on = $0 == "SYNOPSIS"; next } on' | words
}

for program; do
	page=$(grep -lE "^\.Nm $program( |\$)" "$SRC"/man/*.[18] | head -n 1)
	if test -z "$page"; then
		fail "$program has no page"
		skip 5 "$program has no page"
		continue
	fi
	command=$program
	test "$program" != handler.sh || command=$BUILD/libexec/handler.sh
	ok "$program -h" "$command" -h
	is "$program -h is the SYNOPSIS of ${page##*/}" \
	    "$("$command" -h | words)" "$(synopsis "$page")"
	is "$program -h is silent on stderr" \
	    "$("$command" -h 2>&1 >/dev/null)" ''
	is "$program -V" "$("$command" -V)" "$program $version"
	if test "$program" = handler.sh; then
		# Whatever the kernel gives it, it tries to record.
		skip 2 "the handler has no wrong options"
		continue
	fi
	ok_no "$program --no-such-option" 100 "$command" --no-such-option
	like "$program says how it is called" \
	    "$("$command" --no-such-option 2>&1 </dev/null)" "usage: $program"
done
