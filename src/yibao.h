/*
 * yibao.h
 *	  What every file of the shell shares: one interface on all versions of
 *	  PostgreSQL, the message domain, the version check.
 *
 * The Makefile includes it first in every file outside src/core: no file can
 * forget it, and ereport() finds the Chinese catalogue wherever it stands.
 */
#ifndef YIBAO_H
#define YIBAO_H

#include "postgres.h"
#include "fmgr.h"

#include "compat.h"

#undef TEXTDOMAIN
#define TEXTDOMAIN PG_TEXTDOMAIN("yibao")

/* PostgreSQL's own _() looks in the server's catalogue, which has none of our words. */
#undef _
#define _(message) dgettext(TEXTDOMAIN, message)

/*
 * May this library serve the SQL objects of this database?  A library serves
 * its own version and every older one since 1.0, with one WARNING a backend;
 * objects newer than the library are refused with YB601.
 *
 * Call it at the first step of what an older library might do wrong: anything
 * that writes, and the entry points of the calculation.  After the first call
 * it costs a test of a flag.
 */
#define yibao_check_version() \
	do { \
		if (unlikely(!yibao_version_checked)) \
			yibao_check_version_now(); \
	} while (0)

extern bool yibao_version_checked;
extern void yibao_check_version_now(void);

#endif							/* YIBAO_H */
