# SPDX-License-Identifier: ISC
# Completion for the programs of corepipe in fish. The options are asked of the
# program itself, so that they are always its own.

function __corepipe_options
    $argv[1] -h 2>/dev/null | grep -oE -- '--[a-z][a-z-]*=?' | sort -u
end

function __corepipe_ids
    snap-list --csv 2>/dev/null | sed 1d | cut -d , -f 1
end

for program in core-save core-unwind snap-put snap-list snap-show snap-get \
        snap-debug snap-retry snap-rm snap-prune
    complete -c $program -n 'string match -q -- "-*" (commandline -ct)' \
        -f -a "(__corepipe_options $program)"
end
for program in snap-list snap-show snap-get snap-debug snap-retry snap-rm
    complete -c $program -f -a '(__corepipe_ids)'
end
complete -c snap-prune -f
