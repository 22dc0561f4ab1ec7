# SPDX-License-Identifier: ISC
# For gdb -x: `frame TID name` a frame, innermost first, `TID ?? pc` where gdb has no
# name. Set $threads to 1 for all threads, $limit for the innermost few frames.
# Frames that gdb makes up for tail calls are on no stack and left out.
import gdb


def frames(thread, limit):
    thread.switch()
    frame = gdb.newest_frame()
    while frame is not None and limit != 0:
        name = frame.name() or '?? 0x%x' % frame.pc()
        if frame.type() == gdb.SIGTRAMP_FRAME:
            name = '<signal>'
        if frame.type() != gdb.TAILCALL_FRAME:
            print('frame\t%d\t%s' % (thread.ptid[1] or thread.ptid[0], name))
            limit -= 1
        frame = frame.older()


def main():
    threads = sorted(gdb.selected_inferior().threads(), key=lambda t: t.num)
    if int(gdb.convenience_variable('threads')) == 0:
        threads = threads[:1]
    for thread in threads:
        frames(thread, int(gdb.convenience_variable('limit')))


main()
