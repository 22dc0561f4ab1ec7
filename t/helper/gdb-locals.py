# SPDX-License-Identifier: ISC
# For gdb -x: "bt full", after a line `tail-call LEVEL` for each frame that gdb
# makes up for a function that jumped to the next: those are on no stack.
import gdb

gdb.execute('set host-charset UTF-8')
gdb.execute('set target-charset UTF-8')
frame = gdb.newest_frame()
while frame is not None:
    if frame.type() == gdb.TAILCALL_FRAME:
        print('tail-call %d' % frame.level())
    frame = frame.older()
gdb.execute('bt full')
