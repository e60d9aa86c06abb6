-- bench.floor(): payout()'s arguments, and nothing behind them.  :library is the path of floor.c's.
SELECT regexp_replace(replace(pg_get_functiondef(oid), 'FUNCTION yibao.payout(', 'FUNCTION bench.floor('),
    '\nAS .*', format(E'\nAS %L, ''bench_floor''', :'library')) FROM pg_proc WHERE proname = 'payout' \gexec
