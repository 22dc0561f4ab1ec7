# All that a packager edits. Every line can also be given on make's command
# line: make PREFIX=/usr SYSCONFDIR=/etc DESTDIR=/tmp/image install

VERSION		= 0.1.0

PREFIX		= /usr/local
BINDIR		= $(PREFIX)/bin
LIBEXECDIR	= $(PREFIX)/libexec/corepipe
SHAREDIR	= $(PREFIX)/share/corepipe
MANDIR		= $(PREFIX)/share/man
SYSCONFDIR	= /etc
STOREDIR	= /var/lib/corepipe
RUNUSER		= corepipe

CC		= cc
CFLAGS		= -O2 -g
LDFLAGS		=
WARNINGS	= -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes \
		  -Wmissing-prototypes -Wpointer-arith -Wwrite-strings \
		  -Wformat=2 -Wvla -Wundef
HARDENING	= -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fPIE
HARDENING_LD	= -pie -Wl,-z,relro,-z,now

# Where each library is found; the link lines in the Makefile say who uses it.
LIBZSTD		= -lzstd
LIBELF		= -lelf
LIBDW		= -ldw
LIBIBERTY	= -liberty
LIBSECCOMP	= -lseccomp
LIBJANSSON	= -ljansson
LIBSQLITE	= -lsqlite3

# Optional: core-unwind inflates debug sections with it, in half the time and no
# further than it has to. "make LIBISAL=" builds without.
LIBISAL		:= $(if $(wildcard /usr/include/isa-l/igzip_lib.h),-lisal)

# Optional: core-unwind writes the code at the crash as instructions with it,
# and as bytes without ("make CAPSTONE="). It is loaded when a report is written.
CAPSTONE	:= $(if $(wildcard /usr/include/capstone/capstone.h),yes)
