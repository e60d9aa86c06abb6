# yibao: settlement and fund rules of China's basic medical insurance for residents, inside PostgreSQL
#
#   make                build against the PostgreSQL of PG_CONFIG (15 to 18)
#   make install        (as root); DESTDIR=... for packagers
#   make test           everything, from a bare Debian machine on: tools/test.sh
#   make installcheck   only the SQL, isolation and Perl tests, against a running server
#   make fuzz           only the fuzzers, ten minutes each: FUZZ_SECONDS=3600 make fuzz for longer
#   make matrix         make test on other PostgreSQL versions, in chroots: tools/matrix.sh
#   make mutants        does every shape's test notice that its rule is gone? tools/mutants.sh
#   make WERROR=1       what CI builds: warnings are errors

# Shared by the goals below that work without PostgreSQL's build files.
.PHONY: all install installdirs uninstall installcheck clean demo test matrix mutants fuzz setup bench
.DEFAULT_GOAL := all
MAKEFLAGS += --no-print-directory

PG_CONFIG ?= pg_config
PGXS := $(shell $(PG_CONFIG) --pgxs 2>/dev/null)

MODULE_big = yibao
PGFILEDESC = "yibao - medical insurance settlement and fund rules"
EXTENSION = control/yibao
EXTVERSION := $(shell sed -n "s/^default_version *= *'\(.*\)'.*/\1/p" control/yibao.control)
DATA_built = control/yibao--$(EXTVERSION).sql
DATA = $(filter-out $(DATA_built),$(wildcard control/yibao--*--*.sql))
POLICIES = $(wildcard control/policies/*.json)
AUTHOR_FILES = $(wildcard control/bounds/*.json) control/schema/policy.schema.json

CORE_OBJS = $(patsubst %.c,%.o,$(sort $(wildcard src/core/*.c)))
SHELL_OBJS = $(patsubst %.c,%.o,$(sort $(filter-out src/core/%,$(wildcard src/*.c src/*/*.c))))
OBJS = $(CORE_OBJS) $(SHELL_OBJS)

REGRESS = $(patsubst sql/%.sql,%,$(sort $(wildcard sql/*.sql)))
REGRESS_OPTS = --encoding=UTF8 --no-locale
ISOLATION = $(patsubst test/isolation/specs/%.spec,%,$(sort $(wildcard test/isolation/specs/*.spec)))
ISOLATION_OPTS = --inputdir=test/isolation --outputdir=test/isolation --encoding=UTF8 --no-locale
TAP_TESTS = $(if $(wildcard test/t/*.pl),1)
PROVE_TESTS = test/t/*.pl

EXTRA_CLEAN = src/fund/poolarea_sql.h src/policy/national_bounds.h build $(OBJS:.o=.d) $(OBJS:.o=.bc) \
	test/isolation/results test/isolation/output_iso

ICU_CFLAGS := $(shell pkg-config --cflags icu-i18n icu-uc 2>/dev/null)
ICU_LIBS := $(shell pkg-config --libs icu-i18n icu-uc 2>/dev/null || echo -licui18n -licuuc)

# yibao.h comes first in every file of the shell: it sets the message domain that ereport() reads.
PG_CPPFLAGS = -Isrc $(ICU_CFLAGS) -DYIBAO_VERSION='"$(EXTVERSION)"'
SHELL_CPPFLAGS = -include src/yibao.h
PG_CFLAGS = -MMD -MP
SHLIB_LINK = $(ICU_LIBS)

ifneq ($(wildcard $(PGXS)),)

# Bitcode would let the JIT inline our functions; they are far too large to gain from it.
override with_llvm := no
include $(PGXS)

ifeq ($(PORTNAME),linux)
# Our symbols are ours, whatever else the server has loaded.
SHLIB_LINK += -Wl,-Bsymbolic
endif

# The server's headers are not ours to warn about, and PG_FUNCTION_ARGS leaves fcinfo unused.
override CPPFLAGS := $(patsubst -I/%,-isystem /%,$(CPPFLAGS))
WARNINGS := -Wall -Wextra -Wno-unused-parameter
IS_CLANG := $(shell $(CC) --version 2>/dev/null | grep -q clang && echo 1)
ifeq ($(IS_CLANG),1)
# PGXS hands every compiler the flags of the gcc that the server was built with.
WARNINGS += -Wno-ignored-optimization-argument -Wno-unknown-warning-option
endif
ifdef WERROR
WARNINGS += -Werror
endif

override CFLAGS += $(WARNINGS)

# src/core: plain C, no server header in reach, no exception from the warnings.
CORE_CFLAGS ?= -O2 -g
CORE_FLAGS = -std=gnu11 -fPIC -fvisibility=hidden -Wall -Wextra $(if $(WERROR),-Werror) -MMD -MP -Isrc
$(CORE_OBJS): %.o: %.c
	$(CC) $(CORE_CFLAGS) $(CORE_FLAGS) $(COPT) $(PROFILE) -c -o $@ $<

$(SHELL_OBJS): override CPPFLAGS := $(SHELL_CPPFLAGS) $(CPPFLAGS)
$(SHELL_OBJS): | src/fund/poolarea_sql.h src/policy/national_bounds.h
src/yibao.o: control/yibao.control
-include $(wildcard $(OBJS:.o=.d))

install: install-policies
installdirs: installdirs-policies
uninstall: uninstall-policies
.PHONY: install-policies installdirs-policies uninstall-policies
policydir = $(datadir)/yibao/policies
installdirs-policies:
	$(MKDIR_P) '$(DESTDIR)$(policydir)'
install-policies: installdirs-policies
	$(if $(POLICIES),$(INSTALL_DATA) $(POLICIES) '$(DESTDIR)$(policydir)/')
	$(INSTALL_DATA) $(AUTHOR_FILES) '$(DESTDIR)$(datadir)/yibao/'
uninstall-policies:
	rm -f $(addprefix '$(DESTDIR)$(policydir)'/,$(notdir $(POLICIES))) $(addprefix '$(DESTDIR)$(datadir)/yibao'/,$(notdir $(AUTHOR_FILES)))
	for d in '$(DESTDIR)$(policydir)' '$(DESTDIR)$(datadir)/yibao'; do \
	  if [ -d "$$d" ]; then rmdir --ignore-fail-on-non-empty "$$d"; fi; done

# The same library under another version number: the upgrade test puts it in place of ours.  What test/upgrade/VERSION/poolarea
# has comes to the scripts of an area, or in place of them.
build/yibao-%.so: src/yibao.c src/fund/poolarea.c $(filter-out src/yibao.o,$(OBJS)) $(wildcard test/upgrade/*/poolarea/*.sql)
	rm -rf build/$*
	$(MKDIR_P) build/$*/poolarea build/$*/fund
	for file in control/poolarea/*.sql $(wildcard test/upgrade/$*/poolarea/*.sql); do cp $$file build/$*/poolarea || exit 1; done
	tools/embed.sh build/$*/poolarea >build/$*/fund/poolarea_sql.h
	for file in src/yibao src/fund/poolarea; do \
	  $(CC) $(filter-out -MMD -MP,$(CFLAGS)) $(CFLAGS_SL) -Ibuild/$* $(SHELL_CPPFLAGS) \
	    $(filter-out -DYIBAO_VERSION=%,$(CPPFLAGS)) -DYIBAO_VERSION='"$*"' -c -o build/$*/$${file##*/}.o $$file.c || exit 1; done
	$(CC) -shared -o $@ build/$*/yibao.o build/$*/poolarea.o \
	  $(filter-out src/yibao.o src/fund/poolarea.o,$(OBJS)) $(LDFLAGS) $(LDFLAGS_SL) $(SHLIB_LINK)

else # no PostgreSQL to build against

all install installdirs uninstall installcheck:
	@echo "$(PG_CONFIG) --pgxs names no makefile: install the PostgreSQL server headers (tools/setup.sh does)" >&2; exit 1
clean:
	rm -rf $(OBJS) $(EXTRA_CLEAN) $(DATA_built) yibao.so

endif

$(DATA_built): control/yibao.control $(wildcard control/sql/*.sql) control/sql tools/concat.sh
	tools/concat.sh control/sql >$@.tmp
	mv $@.tmp $@

src/fund/poolarea_sql.h: $(wildcard control/poolarea/*.sql) control/poolarea tools/embed.sh
	tools/embed.sh control/poolarea >$@.tmp
	mv $@.tmp $@

src/policy/national_bounds.h: control/bounds/national.json
	(echo '/* Made from $<: edit that. */'; echo 'static const char national_bounds[] ='; \
	 sed 's/[\\"]/\\&/g; s/^/"/; s/$$/\\n"/' $<; echo ';') >$@.tmp
	mv $@.tmp $@

# tools/test.sh and demo/run.sh call tools/setup.sh themselves.
setup:
	@tools/setup.sh
test:
	@tools/test.sh
mutants:
	@tools/mutants.sh
fuzz:
	@TESTS=fuzz FUZZ_SECONDS=$${FUZZ_SECONDS:-600} tools/test.sh
matrix:
	@tools/matrix.sh
demo:
	@demo/run.sh
bench:
	@tools/bench.sh
