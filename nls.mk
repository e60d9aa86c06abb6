# Message catalogues: po/<language>.po, installed where msgfmt is there to compile them.
CATALOG_NAME     = yibao
override AVAIL_LANGUAGES := $(if $(shell command -v msgfmt),$(patsubst po/%.po,%,$(wildcard po/*.po)))
GETTEXT_FILES    = $(sort $(filter-out src/core/%,$(wildcard src/*.c src/*/*.c)))
GETTEXT_TRIGGERS = $(BACKEND_COMMON_GETTEXT_TRIGGERS)
GETTEXT_FLAGS    = $(BACKEND_COMMON_GETTEXT_FLAGS)
