# Message catalogues: po/<language>.po for every language in po/LINGUAS, installed where msgfmt is there to compile them.
CATALOG_NAME     = yibao
override AVAIL_LANGUAGES := $(if $(shell command -v msgfmt),$(shell cat po/LINGUAS))
GETTEXT_FILES    = src/core/fields.c $(sort $(filter-out src/core/%,$(wildcard src/*.c src/*/*.c)))
GETTEXT_TRIGGERS = $(BACKEND_COMMON_GETTEXT_TRIGGERS) icu_check:2 T_
GETTEXT_FLAGS    = $(BACKEND_COMMON_GETTEXT_FLAGS) T_:1:c-format
XGETTEXT += --from-code=UTF-8
