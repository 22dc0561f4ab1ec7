# SPDX-License-Identifier: ISC
# shellcheck shell=sh
# For the t4 tests, sourced after lib.sh: a build of one's own, whose programs
# can be broken, and the handler started by hand just as the kernel does it.

# copy_build: $COPY holds the programs and the handler.
copy_build()
{
	COPY=$TRASH/build
	mkdir -p "$COPY"
	cp -R "$BUILD/bin" "$BUILD/libexec" "$COPY/"
	STORE=$TRASH/store
	COREPIPE_STORE=$STORE
	export COREPIPE_STORE
	configure
}

# configure [LINE...]: the settings of the next handle.
configure()
{
	{
		echo "store=$STORE"
		echo log=none
		for line in "$@"; do
			printf '%s\n' "$line"
		done
	} >"$TRASH/corepipe.conf"
}

# stand_in PROGRAM: put the script on stdin in a program's place.
stand_in()
{
	rm -f "$COPY/bin/$1"
	{
		echo '#!/bin/sh'
		cat
	} >"$COPY/bin/$1"
	chmod 755 "$COPY/bin/$1"
}

# handle CORE KEY=VALUE...: as the kernel's helper, under $SHELL_UNDER_TEST.
# Sets new_id.
handle()
{
	local core="$TRASH/$1"
	shift
	seen=$(ids)
	# shellcheck disable=SC2086
	as_kernel "$TRASH/corepipe.conf" ${SHELL_UNDER_TEST:-sh} \
	    "$COPY/libexec/handler.sh" "$@" <"$core"
	settle
	new_id=$(ids | grep -vxF -e "${seen:-none}")
}

# idle: nothing is captured or reported just now; at_rest=idle is for a record
# that need not come to archive/.
idle()
{
	test -z "$(find "$STORE/new" -name '.????????-*.live' 2>/dev/null)"
}

ids()
{
	find "$STORE" -maxdepth 2 -name '????????-????-7*' -printf '%f\n' 2>/dev/null |
	    sort
}

# shells: the ones that are here, one a line.
shells()
{
	for s in dash bash; do
		command -v "$s" >/dev/null && echo "$s"
	done
	command -v busybox >/dev/null && echo 'busybox ash'
}
