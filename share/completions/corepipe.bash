# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# Completion for the programs of corepipe in bash. The options are asked of the
# program itself, so that they are always its own.

_corepipe()
{
	local word=${COMP_WORDS[COMP_CWORD]} program=$1 words
	COMPREPLY=()
	case $word in
	-*)
		words=$("$program" -h 2>/dev/null |
		    grep -oE -- '--[a-z][a-z-]*=?')
		mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
		case ${COMPREPLY[*]} in
		*=) compopt -o nospace ;;
		esac
		return ;;
	esac
	case ${program##*/} in
	core-* | snap-put)
		mapfile -t COMPREPLY < <(compgen -f -- "$word")
		compopt -o filenames ;;
	snap-prune) ;;
	snap-get)
		if ((COMP_CWORD > 1)); then
			words='core.zst core meta.json snapshot.json report.txt
			    log proc/maps proc/status proc/limits'
			mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
			return
		fi ;&
	*)
		words=$(snap-list --csv 2>/dev/null | sed 1d | cut -d , -f 1)
		mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word") ;;
	esac
}

complete -F _corepipe core-save core-unwind snap-put snap-list snap-show \
    snap-get snap-debug snap-retry snap-rm snap-prune
