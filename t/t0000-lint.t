#!/bin/sh
# SPDX-License-Identifier: ISC
# The tree itself: no warning from two compilers, clean scripts and pages, a
# page for every program, and nothing that only makes sense elsewhere.
# Names of files in this tree have no blanks, and lists of them are split.
# shellcheck disable=SC2086

. "$(dirname "$0")/lib.sh"
need_command make
plan 19

cd "$SRC" || exit 1

# with COMMAND TITLE CHECK...: the check, where the command is to be had.
with()
{
	local program="$1"
	shift
	if command -v "$program" >/dev/null; then
		ok "$@"
	else
		skip 1 "no $program"
	fi
}

# silent COMMAND...: no word, and success.
silent()
{
	out=$("$@" 2>&1) && test -z "$out" && return
	printf '%s\n' "$out"
	return 1
}

# each CHECK FILE...: the check holds for each file; names those where not.
each()
{
	local check="$1" bad=0
	shift
	for file; do
		$check "$file" || { echo "^ in $file"; bad=1; }
	done
	return "$bad"
}

# Whole programs, and the pieces that they source.
scripts=$(grep -lE '^#!/bin/sh' install.sh test.sh bin/* libexec/* t/*.t \
    bench/*.sh 2>/dev/null)
pieces=$(grep -lE '^# shellcheck shell=sh' libexec/* t/*.sh bench/*.sh 2>/dev/null)
pages=$(echo man/*.[1-8])

# --- compilers. Not the build under test: a warning may hang on the optimiser.

jobs=$(nproc)
strict()
{
	make -s -j "$jobs" "OUT=$TRASH/$1" "CC=$1" CFLAGS='-O2 -Werror' SAN= all
}
with gcc "gcc finds nothing to warn of" silent strict gcc
with clang "clang finds nothing to warn of" silent strict clang

# --- shell

with shellcheck "shellcheck is silent on programs" shellcheck -x -s sh $scripts
# What a piece takes from its program and gives to it cannot be seen in it.
with shellcheck "shellcheck is silent on pieces" \
    shellcheck -x -s sh -e SC2034,SC2154 $pieces
with shellcheck "shellcheck is silent on what bash runs" \
    shellcheck .ci/run share/completions/corepipe.bash
with dash "dash reads all of them" each 'dash -n' $scripts $pieces
with busybox "so does busybox" each 'busybox ash -n' $scripts $pieces
with bash "so does bash" each 'bash -n' $scripts $pieces \
    .ci/run share/completions/corepipe.bash
with zsh "zsh reads its completion" zsh -n share/completions/_corepipe
with fish "fish reads its completion" fish -n share/completions/corepipe.fish
plain_test()
{
	! grep -nE '(^|[;&|(]|if|while|until|!)[[:space:]]*\[ ' "$1"
}
ok "test, never [" each plain_test $scripts $pieces
is "a handler salvages: no set -e" \
    "$(grep -lE '^[[:space:]]*set -[a-z]*e' libexec/*)" ""

# --- pages

lint_page()
{
	silent mandoc -T lint -W warning "$1"
}
with mandoc "mandoc finds nothing to warn of" each lint_page $pages
missing=
for file in bin/* libexec/handler.sh; do
	name=${file##*/}
	grep -lqE "^\.Nm $name( |\$)" $pages || missing="$missing $name"
done
is "no program without a page" "$missing" ""
missing=
for page in corepipe.7 corepipe.conf.5 snapshot.5; do
	test -f "man/$page" || missing="$missing $page"
done
is "the formats and the tour have theirs" "$missing" ""

# --- the tree

missing=
for file in README.md CHANGES SECURITY.md LICENSE; do
	test -s "$file" || missing="$missing $file"
done
is "what a tree has at its top" "$missing" ""
like "CHANGES tells of this version" "$(cat CHANGES)" \
    "$(sed -n 's/^VERSION[[:space:]]*= //p' config.mk)"

tracked()
{
	if test -e .git && command -v git >/dev/null; then
		git -c safe.directory='*' ls-files
	else
		find . -type f ! -path './build*' ! -path "./.git*"
	fi
}
is "every source says its licence" "$(tracked |
    grep -E '\.(c|h|cc|sh|t|[1-8])$' |
    while read -r file; do
	test ! -f "$file" || head -n 3 "$file" |
	    grep -q 'SPDX-License-Identifier: ISC' || echo "$file"
    done)" ""
# Paths of one machine, and what only those know who wrote it.
is "nothing that only makes sense elsewhere" "$(tracked | grep -v t0000 |
    while read -r file; do
	test ! -f "$file" || grep -HnIE \
	    '/work/(main|shared|issues)|/tmp/(plan|iss)\b|[Ii]ssue #?[0-9]|session [0-9]|reference/[a-z-]+\.md' \
	    "$file"
    done)" ""
