# corepipe. GNU make. Everything that is built lands under build/, so that
# PATH=$PWD/build/bin runs the tree uninstalled.
#
#	make			programs, scripts and pages, under build/
#	make check		the tests (SAN=1: under ASan and UBSan)
#	make bench		benchmarks: ratios measured in one run
#	make fuzz		each fuzzer for FUZZ_SECONDS (clang)
#	make install		files only; arms nothing (install.sh does)

include config.mk

ifdef SAN
OUT		= build-san
HARDENING	= -fsanitize=address,undefined -fno-sanitize-recover=undefined \
		  -fno-omit-frame-pointer -fPIE -DCOREPIPE_SANITIZED
HARDENING_LD	= -fsanitize=address,undefined -pie
else
OUT		= build
endif

CPPFLAGS_ALL	= -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -I. -Ilib \
		  -include lib/banned.h \
		  -DVERSION='"$(VERSION)"' -DSTOREDIR='"$(STOREDIR)"' \
		  -DSHAREDIR='"$(SHAREDIR)"' -DLIBEXECDIR='"$(LIBEXECDIR)"' \
		  -DRUNUSER='"$(RUNUSER)"' \
		  $(if $(LIBISAL),-DHAVE_ISAL) \
		  $(if $(CAPSTONE),-DHAVE_CAPSTONE) $(CPPFLAGS)
CFLAGS_ALL	= -std=c11 $(WARNINGS) $(HARDENING) $(CFLAGS)
LDFLAGS_ALL	= $(HARDENING_LD) $(LDFLAGS)

# The dependency map: one link line per program. t/t0002 holds it with ldd.
LINK_core-save		= $(LIBZSTD) -pthread
LINK_core-unwind	= $(LIBDW) $(LIBELF) $(LIBZSTD) $(LIBIBERTY) \
			  $(LIBSECCOMP) $(LIBJANSSON) $(LIBISAL) \
			  -pthread
LINK_snap-put		= $(LIBJANSSON)
LINK_snap-list		= $(LIBSQLITE) $(LIBJANSSON)

PROGRAMS	= core-save core-unwind snap-put snap-list
SCRIPTS		= $(notdir $(wildcard bin/snap-show bin/snap-get \
		  bin/snap-debug bin/snap-retry bin/snap-rm bin/snap-prune))
LIBEXEC		= $(notdir $(wildcard libexec/*))
MAN		= $(wildcard man/*.[1-8])

LIB_SRC		= $(wildcard lib/*.c)
LIB_OBJ		= $(LIB_SRC:%.c=$(OUT)/obj/%.o)
LIBCOREPIPE	= $(OUT)/obj/libcorepipe.a
HEADERS		= $(wildcard lib/*.h bin/*/*.h bin/*/*/*.h)

all: $(PROGRAMS:%=$(OUT)/bin/%) $(SCRIPTS:%=$(OUT)/bin/%) \
     $(LIBEXEC:%=$(OUT)/libexec/%)

# What was built for one prefix or by one compiler is made again for another.
$(OUT)/settings: export SETTINGS = $(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) \
	$(LDFLAGS_ALL) $(SUBST)
$(OUT)/settings: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' "$$SETTINGS" >$@.tmp
	@if cmp -s $@.tmp $@; then rm -f $@.tmp; else mv -f $@.tmp $@; fi

# A full rebuild is seconds: every object depends on every header, and there is
# no dependency machinery to be wrong.
$(OUT)/obj/%.o: %.c $(HEADERS) $(OUT)/settings Makefile
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -c -o $@ $<

# The frames that say nothing about a bug, as rows of a C table.
$(OUT)/obj/bin/core-unwind/frames.inc: share/frames.list Makefile
	@mkdir -p $(@D)
	sed -n -e 's/^system[[:space:]]*\(.*\)$$/{ FRAMES_SYSTEM, "\1" },/p' \
	    -e 's/^dying[[:space:]]*\(.*\)$$/{ FRAMES_DYING, "\1" },/p' \
	    -e 's/^bottom[[:space:]]*\(.*\)$$/{ FRAMES_BOTTOM, "\1" },/p' \
	    -e 's/^noise[[:space:]]*\(.*\)$$/{ FRAMES_NOISE, "\1" },/p' \
	    share/frames.list >$@
$(OUT)/obj/bin/core-unwind/report/framelist.o: $(OUT)/obj/bin/core-unwind/frames.inc
$(OUT)/obj/bin/core-unwind/report/framelist.o: CPPFLAGS += -I$(OUT)/obj/bin/core-unwind

$(LIBCOREPIPE): $(LIB_OBJ)
	@rm -f $@
	$(AR) rcs $@ $(LIB_OBJ)

define PROGRAM_RULE
OBJ_$(1) = $$(patsubst %.c,$$(OUT)/obj/%.o,$$(wildcard bin/$(1)/*.c bin/$(1)/*/*.c))
$$(OBJ_$(1)): CPPFLAGS += -Ibin/$(1)
$$(OUT)/bin/$(1): $$(OBJ_$(1)) $$(LIBCOREPIPE)
	@mkdir -p $$(@D)
	$$(CC) $$(LDFLAGS_ALL) -o $$@.tmp $$(OBJ_$(1)) $$(LIBCOREPIPE) $$(LINK_$(1))
	@mv -f $$@.tmp $$@
endef
$(foreach p,$(PROGRAMS),$(eval $(call PROGRAM_RULE,$(p))))

# Scripts learn the installed places here; run from the tree they are told by
# the environment (COREPIPE_CONF, COREPIPE_STORE) and find each other beside
# themselves.
SUBST	= sed -e 's|@VERSION@|$(VERSION)|g' -e 's|@STOREDIR@|$(STOREDIR)|g' \
	  -e 's|@BINDIR@|$(BINDIR)|g' -e 's|@LIBEXECDIR@|$(LIBEXECDIR)|g' \
	  -e 's|@SHAREDIR@|$(SHAREDIR)|g' -e 's|@SYSCONFDIR@|$(SYSCONFDIR)|g' \
	  -e 's|@RUNUSER@|$(RUNUSER)|g'

$(SCRIPTS:%=$(OUT)/bin/%): $(OUT)/bin/%: bin/% $(OUT)/settings Makefile
	@mkdir -p $(@D)
	$(SUBST) $< >$@.tmp && chmod 755 $@.tmp && mv -f $@.tmp $@

$(LIBEXEC:%=$(OUT)/libexec/%): $(OUT)/libexec/%: libexec/% $(OUT)/settings Makefile
	@mkdir -p $(@D)
	$(SUBST) $< >$@.tmp && chmod 755 $@.tmp && mv -f $@.tmp $@

# Programs that only the tests use: crashers, forgers, faults.
HELPER_SRC	= $(wildcard t/helper/*.c)
HELPERS		= $(HELPER_SRC:t/helper/%.c=$(OUT)/t/%)
$(OUT)/t/%: t/helper/%.c
	@mkdir -p $(@D)
	$(CC) -std=gnu11 -g -O1 -Wall -Wextra -o $@ $< -lpthread

$(OUT)/t/%: t/helper/%.cc
	@mkdir -p $(@D)
	@echo '$(CXX) -o $@'
	@$(CXX) -g -O1 -Wall -Wextra -o $@ $< || \
	    { echo "$*: left out: no C++ compiler"; rm -f $@; }

# The decoders of core-unwind, without the rest of it.
INSN_OBJ	= $(patsubst %.c,$(OUT)/obj/%.o,$(wildcard \
		  bin/core-unwind/target/insn*.c))
$(OUT)/t/insns: t/helper/insns.c $(INSN_OBJ)
	@mkdir -p $(@D)
	$(CC) -std=gnu11 -g -O1 -Wall -Wextra -Ibin/core-unwind $(LDFLAGS_ALL) \
	    -fPIE -o $@ $< $(INSN_OBJ)

# The same crashes as wreck, built in the ways that make a debugger's life
# different. A compiler that cannot make one leaves it out and its test skips.
WRECKS		= wreck-static wreck-static-pie wreck-nopie wreck-32 wreck-fp
WRECK_wreck-static	= -static
WRECK_wreck-static-pie	= -static-pie
WRECK_wreck-nopie	= -no-pie -O2
WRECK_wreck-32		= -m32
WRECK_wreck-fp		= -O2 -fno-omit-frame-pointer

HELPERS		+= $(patsubst t/helper/%.cc,$(OUT)/t/%,$(wildcard t/helper/*.cc)) \
		  $(WRECKS:%=$(OUT)/t/%)
$(WRECKS:%=$(OUT)/t/%): $(OUT)/t/%: t/helper/wreck.c
	@mkdir -p $(@D)
	@echo '$(CC) $(WRECK_$*) -o $@'
	@$(CC) -std=gnu11 -g -O1 -Wall -Wextra $(WRECK_$*) -o $@ $< -lpthread || \
	    { echo "$*: left out: this compiler cannot make it"; rm -f $@; }

# Libraries for LD_PRELOAD: faults, and records of what was written.
PRELOADS	= fault journal later nomem
PRELOAD_fault	= t/helper/preload/hit.c
PRELOAD_nomem	= t/helper/preload/hit.c
HELPERS		+= $(PRELOADS:%=$(OUT)/t/%.so)
$(OUT)/t/%.so: t/helper/preload/%.c t/helper/preload/hit.c t/helper/preload/hit.h
	@mkdir -p $(@D)
	$(CC) -std=gnu11 -g -O1 -Wall -Wextra -fPIC -shared -o $@ $< \
	    $(PRELOAD_$*) -ldl

helpers: $(HELPERS)

check-deps:
	@sh ./install.sh --test-deps

# The packages first: helpers are built by compilers that may come with them.
check: check-deps
	@$(MAKE) --no-print-directory all helpers
	@COREPIPE_BUILD='$(CURDIR)/$(OUT)' SAN='$(SAN)' \
	    prove --timer -r $(PROVEFLAGS) $(or $(T),t)

# Instrumented and built apart; what broke one is left in build-fuzz/found.
FUZZ_SECONDS	= 3600
FUZZERS		= $(patsubst t/fuzz/%.c,%,$(wildcard t/fuzz/fuzz-*.c))
FUZZ_OUT	= build-fuzz
FUZZ_MAKE	= $(MAKE) --no-print-directory OUT=$(FUZZ_OUT) CC=clang \
		  CFLAGS='-O1 -g' HARDENING_LD= \
		  HARDENING='-fsanitize=fuzzer-no-link,address,undefined \
		  -fno-sanitize-recover=undefined -DCOREPIPE_SANITIZED' fuzzers
WRAPPED		= $(patsubst %,-Wl$(COMMA)--wrap=%,free open open64 warn warnx)
COMMA		= ,

# What a fuzzer's name begins with is the program it takes apart. One that
# includes a source file goes without its object, and one that includes the
# header of t/fuzz/X_fake.c has that in place of the program's X.
fuzzed = $(if $(filter fuzz-save-%,$(1)),core-save,$(if $(filter \
	fuzz-list-%,$(1)),snap-list,$(if $(filter fuzz-put-%,$(1)),snap-put,\
	core-unwind)))
fuzz_includes = $(shell sed -n 's/^\#include "\($(2)\)"/\1/p' t/fuzz/$(1).c)
define FUZZ_RULE
FUZZ_SRC_$(1) = $$(patsubst %.h,t/fuzz/%.c,$$(call \
	fuzz_includes,$(1),fuzz[a-z_]*\.h\|[a-z]*_fake\.h))
FUZZ_OBJ_$(1) = $$(filter-out %/$(2).o $$(patsubst \
	%_fake.h,$$(OUT)/obj/bin/$(2)/%.o,$$(call \
	fuzz_includes,$(1),[a-z]*_fake\.h)) $$(patsubst %.c,$$(OUT)/obj/%.o,$$(call \
	fuzz_includes,$(1),.*\.c)),$$(OBJ_$(2)))
$$(OUT)/fuzz/$(1): t/fuzz/$(1).c $$(FUZZ_SRC_$(1)) $$(wildcard t/fuzz/*.h) \
    $$(OBJ_$(2)) $$(LIBCOREPIPE)
	@mkdir -p $$(@D)
	$$(CC) $$(CPPFLAGS_ALL) -Ibin/$(2) -It/fuzz -I$$(OUT)/obj/bin/$(2) \
	    -std=c11 $$(CFLAGS) -Wall -Wextra -fsanitize=fuzzer,address,undefined \
	    -fno-sanitize-recover=undefined $$(WRAPPED) -o $$@ $$< \
	    $$(FUZZ_SRC_$(1)) $$(FUZZ_OBJ_$(1)) $$(LIBCOREPIPE) $$(LINK_$(2)) \
	    $$(LIBJANSSON)
endef
$(foreach f,$(FUZZERS),$(eval $(call FUZZ_RULE,$(f),$(strip $(call fuzzed,$(f))))))

fuzzers: $(FUZZERS:%=$(OUT)/fuzz/%)

build-fuzzers:
	@$(FUZZ_MAKE)

fuzz: all helpers build-fuzzers
	@mkdir -p $(FUZZ_OUT)/found && cd $(FUZZ_OUT)/found && \
	    PATH='$(CURDIR)/$(OUT)/bin:$(CURDIR)/$(OUT)/t':$$PATH sh \
	    ../../t/fuzz/run.sh $(FUZZ_SECONDS) ../corpus ../fuzz/fuzz-*

bench: all helpers
	@for b in bench/b*.sh; do COREPIPE_BUILD='$(CURDIR)/$(OUT)' sh $$b || exit; done

install: all
	@sh ./install.sh --files-only OUT='$(OUT)' DESTDIR='$(DESTDIR)' \
	    PREFIX='$(PREFIX)' BINDIR='$(BINDIR)' LIBEXECDIR='$(LIBEXECDIR)' \
	    SHAREDIR='$(SHAREDIR)' MANDIR='$(MANDIR)' \
	    SYSCONFDIR='$(SYSCONFDIR)' STOREDIR='$(STOREDIR)' \
	    RUNUSER='$(RUNUSER)'

clean:
	rm -rf build build-san build-fuzz

.PHONY: all helpers check check-deps fuzz build-fuzzers fuzzers bench install clean FORCE
.DELETE_ON_ERROR:
