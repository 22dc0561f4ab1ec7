# SPDX-License-Identifier: ISC
# shellcheck shell=sh
# For the t5 tests that install and arm, sourced after lib.sh.

# shellcheck disable=SC2034 # set here for the tests

# own_prefix CFLAGS: core_pattern is borrowed, and what there is of this test
# goes away at its end: $base, with $etc and $store to be below it, and $user.
# install.sh builds with CFLAGS: -O0 where what is installed is the subject, not
# how it was compiled.
own_prefix()
{
	borrow_core_pattern
	base=$(mktemp -d /var/tmp/cp.XXXXXX) || exit 1
	chmod 755 "$base"
	at_exit "rm -rf '$base'"
	user=cptest$$
	at_exit "userdel $user 2>/dev/null"
	etc=$base/etc
	store=$base/store
	MAKEFLAGS=" -s -- CFLAGS=$1"
	export MAKEFLAGS
	unset SAN
}
