#!/bin/sh
# SPDX-License-Identifier: ISC
# The crashed process is let go when core-save has closed its stdin, in every
# shell: nobody else holds a copy of the pipe.
. "$(dirname "$0")/lib.sh"
. "$SRC/t/handler.sh"

need_root
all=$(shells)
plan $((2 * $(printf '%s\n' "$all" | wc -l)))
copy_build
arm chain=/bin/cat trace=lttng log=none

# It lingers after its stdin is closed, until the test has looked.
stand_in core-save <<END
cat >$TRASH/core
exec <&-
echo "\$\$" >$TRASH/pid
while test ! -e $TRASH/go; do sleep 0.05; done
END

printf '%s\n' "$all" | while IFS= read -r s; do
	rm -f go pid core
	cat >"$ARMED/h" <<-END
	#!/bin/sh
	COREPIPE_CONF=$ARMED/corepipe.conf
	export COREPIPE_CONF
	exec $s $COPY/libexec/handler.sh "\$@"
	END
	wreck abort 2>/dev/null &
	ended "$!"
	wait_for 10 test -s pid
	kill -0 "$(cat pid)" 2>/dev/null
	echo "$? $(head -c 4 core | tail -c 3) $s" >>held
	touch go
	sleep 0.3
done
while read -r alive elf s; do
	is "$s: wait() returns while core-save still works" "$alive" 0
	is "$s: which had the core" "$elf" ELF
done <held
