/*
 * floor.c
 *	  A function with payout()'s arguments that does nothing: what calling it costs.
 */
#include "postgres.h"

#include "fmgr.h"

PG_MODULE_MAGIC;

PG_FUNCTION_INFO_V1(bench_floor);
Datum
bench_floor(PG_FUNCTION_ARGS)
{
	return PG_GETARG_DATUM(1);
}
