-- Fee lines: what of each is within policy, the header amounts, the catalogue row that holds.

CREATE TYPE yibao.item_split AS (
  det_item_fee_sumamt numeric,
  fulamt_ownpay_amt numeric,
  overlmt_amt numeric,
  preselfpay_amt numeric,
  inscp_scp_amt numeric
);
COMMENT ON TYPE yibao.item_split IS
'费用明细拆分: the parts of one fee line, in yuan; the first is the sum of the other four. In a return all are of the opposite sign.';
COMMENT ON COLUMN yibao.item_split.det_item_fee_sumamt IS '明细项目费用总额: cnt x pric, half up to the fen';
COMMENT ON COLUMN yibao.item_split.fulamt_ownpay_amt IS '全自费金额: class 03, and what does not enter the base';
COMMENT ON COLUMN yibao.item_split.overlmt_amt IS '超限价金额: above the limit price';
COMMENT ON COLUMN yibao.item_split.preselfpay_amt IS '先行自付金额: first self-pay';
COMMENT ON COLUMN yibao.item_split.inscp_scp_amt IS '符合政策范围金额: what is left, in policy';

CREATE TYPE yibao.item_total AS (
  medfee_sumamt numeric,
  fulamt_ownpay_amt numeric,
  overlmt_selfpay numeric,
  preselfpay_amt numeric,
  inscp_scp_amt numeric
);
COMMENT ON TYPE yibao.item_total IS
'费用明细合计: the amounts of a claim''s header from its lines, in yuan, under the names that settle() reads.';
COMMENT ON COLUMN yibao.item_total.medfee_sumamt IS '医疗费总额: sum of det_item_fee_sumamt';
COMMENT ON COLUMN yibao.item_total.fulamt_ownpay_amt IS '全自费金额: sum of fulamt_ownpay_amt';
COMMENT ON COLUMN yibao.item_total.overlmt_selfpay IS '超限价自费费用: sum of overlmt_amt';
COMMENT ON COLUMN yibao.item_total.preselfpay_amt IS '先行自付金额: sum of preselfpay_amt';
COMMENT ON COLUMN yibao.item_total.inscp_scp_amt IS '符合政策范围金额: sum of inscp_scp_amt';

CREATE FUNCTION yibao.item_split(
  chrgitm_lv text,
  cnt numeric,
  pric numeric,
  det_item_fee_sumamt numeric DEFAULT NULL,
  pric_uplmt_amt numeric DEFAULT NULL,
  selfpay_prop numeric DEFAULT NULL,
  enter_prop numeric[] DEFAULT NULL,
  enter_upto numeric[] DEFAULT NULL,
  enter_way text DEFAULT NULL,
  cnt_before numeric DEFAULT NULL
) RETURNS yibao.item_split
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 20
AS 'MODULE_PATHNAME', 'yibao_item_split';
COMMENT ON FUNCTION yibao.item_split(text, numeric, numeric, numeric, numeric, numeric, numeric[], numeric[], text, numeric) IS
'费用明细拆分: splits one fee line. chrgitm_lv 01 甲 02 乙 03 丙 04 可报丙; cnt with at most 4 decimals, negative in a return; pric and pric_uplmt_amt in yuan with at most 6; selfpay_prop a ratio; det_item_fee_sumamt is checked (NULL: filled); enter_prop the share that enters the base in each band of unit prices, enter_upto where the bands end, enter_way whole or excess; cnt_before (returns) the quantity that stands before the line (NULL: all of it is returned).
NULL pric_uplmt_amt: no limit price; NULL enter_prop: everything enters; NULL chrgitm_lv, cnt, pric, and selfpay_prop of 02 and 04: YB006.
Errors: YB001 too many decimals; YB002 not finite, too large, negative, a ratio above 1; YB003 det_item_fee_sumamt is not cnt x pric, more is returned than there is, a first self-pay of class 01; YB004 unknown code; YB006; YB107 bands that do not follow each other. Immutable.';

CREATE FUNCTION yibao.item_total_add(state bigint[], line yibao.item_split) RETURNS bigint[]
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 2
AS 'MODULE_PATHNAME', 'yibao_item_total_add';
COMMENT ON FUNCTION yibao.item_total_add(bigint[], yibao.item_split) IS
'费用明细合计步骤: adds a line to the state of item_total() (sums in fen; NULL: none yet). Not for calling.
NULL line: YB006. Errors: YB001 a third decimal; YB002 too large; YB003 parts that do not add up; YB007 no such state. Immutable.';

CREATE FUNCTION yibao.item_total_merge(state bigint[], other bigint[]) RETURNS bigint[]
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 2
AS 'MODULE_PATHNAME', 'yibao_item_total_merge';
COMMENT ON FUNCTION yibao.item_total_merge(bigint[], bigint[]) IS
'费用明细合计归并: joins two states of item_total(), as parallel workers have them. Not for calling.
NULL is no line. Errors: YB002 too large; YB007 no such state. Immutable.';

CREATE FUNCTION yibao.item_total_end(state bigint[]) RETURNS yibao.item_total
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 5
AS 'MODULE_PATHNAME', 'yibao_item_total_end';
COMMENT ON FUNCTION yibao.item_total_end(bigint[]) IS
'费用明细合计结果: the state of item_total() in yuan. Not for calling. NULL gives NULL.
Errors: YB007 no such state. Immutable.';

CREATE AGGREGATE yibao.item_total(line yibao.item_split) (
  SFUNC = yibao.item_total_add,
  STYPE = bigint[],
  COMBINEFUNC = yibao.item_total_merge,
  FINALFUNC = yibao.item_total_end,
  PARALLEL = SAFE
);
COMMENT ON AGGREGATE yibao.item_total(yibao.item_split) IS
'费用明细合计: the header amounts of the lines given, in yuan: each the exact sum of its part, so that medfee_sumamt = fulamt_ownpay_amt + overlmt_selfpay + preselfpay_amt + inscp_scp_amt. Returns count with their sign. No line: NULL.
A NULL line: YB006. Errors: YB001 a third decimal; YB002 too large; YB003 parts that do not add up. Immutable, parallel safe.';

CREATE FUNCTION yibao.catalogue_places(admdvs text) RETURNS text[]
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 2
AS 'MODULE_PATHNAME', 'yibao_catalogue_places';
COMMENT ON FUNCTION yibao.catalogue_places(text) IS
'目录适用区划: the administrative divisions whose catalogue rows hold at a place: itself, its city, its province, the country (100000). admdvs: six digits. NULL gives NULL.
Errors: YB004 not six digits. Immutable.';

CREATE FUNCTION yibao.catalogue_pick_next(picked anyelement, next anyelement) RETURNS anyelement
LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE COST 1
AS 'MODULE_PATHNAME', 'yibao_catalogue_pick_next';
COMMENT ON FUNCTION yibao.catalogue_pick_next(anyelement, anyelement) IS
'目录取行步骤: the step of catalogue_pick(). Not for calling. NULL is no row.
Errors: YB106 two rows. Immutable.';

CREATE AGGREGATE yibao.catalogue_pick(anyelement) (
  SFUNC = yibao.catalogue_pick_next,
  STYPE = anyelement,
  COMBINEFUNC = yibao.catalogue_pick_next,
  PARALLEL = SAFE
);
COMMENT ON AGGREGATE yibao.catalogue_pick(anyelement) IS
'目录取行: the one row of a catalogue that holds, out of those that a query selects by item, place and date (doc/items.md has the query). No row: NULL.
Errors: YB106 two rows hold at once. Immutable, parallel safe.';

-- Triggers of a pool area's fee lines.

CREATE FUNCTION yibao.item_fill() RETURNS trigger
    AS 'MODULE_PATHNAME', 'yibao_item_fill'
    LANGUAGE C VOLATILE PARALLEL UNSAFE COST 100;
COMMENT ON FUNCTION yibao.item_fill() IS
'明细拆分触发器. BEFORE INSERT FOR EACH ROW on a pool area''s item: splits the line as item_split() does and fills its parts (NULL is filled, an equal value accepted); a return takes terms and quantity from its line.
Errors: as item_split(); YB006 a return without its line; YB307 no such line, or cnt is not negative; YB504 another value than follows. Locks: the line that is returned, until the end of the transaction. Works as the table''s owner.';

CREATE FUNCTION yibao.item_trace() RETURNS trigger
    AS 'MODULE_PATHNAME', 'yibao_item_trace'
    LANGUAGE C VOLATILE PARALLEL UNSAFE COST 100;
COMMENT ON FUNCTION yibao.item_trace() IS
'追溯码触发器. AFTER INSERT FOR EACH ROW on a pool area''s item: a trace code settles once, until a return gives it back.
Errors: YB006 an empty code; YB501 settled before; YB307 a return names a code that its line has not to give back. Locks: who settles the same code waits. Works as the table''s owner.';

CREATE FUNCTION yibao.item_header() RETURNS trigger
    AS 'MODULE_PATHNAME', 'yibao_item_header'
    LANGUAGE C VOLATILE PARALLEL UNSAFE COST 1000;
COMMENT ON FUNCTION yibao.item_header() IS
'明细与结算核对触发器. Deferred AFTER INSERT FOR EACH ROW on a pool area''s item: the lines that name a settlement add up to its header amounts.
Errors: YB003 they do not; YB307 there is no such settlement. Takes no lock. Works as the table''s owner.';

CREATE FUNCTION yibao.item_keep() RETURNS trigger
    AS 'MODULE_PATHNAME', 'yibao_item_keep'
    LANGUAGE C VOLATILE PARALLEL UNSAFE COST 1;
COMMENT ON FUNCTION yibao.item_keep() IS
'明细保护触发器. BEFORE trigger on item and item_trace: nothing is changed or deleted, and only the triggers write item_trace.
Errors: YB304 update, delete or truncate; YB305 direct insert. Takes no lock.';

CREATE FUNCTION yibao.split_stay(policy jsonb, claim jsonb, lines jsonb) RETURNS SETOF jsonb
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000 ROWS 2
AS 'MODULE_PATHNAME', 'yibao_split_stay';
COMMENT ON FUNCTION yibao.split_stay(jsonb, jsonb, jsonb) IS
'跨年度住院拆分: a stay of two benefit years as one claim for each of them, by the days of its fee lines and the policy''s cross_year rule. claim: the whole stay, with setl_id, setl_time, begntime, endtime; lines: an array of rows of table item (fee_ocur_time, det_item_fee_sumamt and its parts; a return goes where its line goes). Each claim has its own setl_id (with -year), times, amounts, mid_setl_flag, pre_days and act_ipt_days; together they are the whole to the fen. One claim where the stay is settled as a whole; only the parts that are paid where the insurance ended.
NULL gives no row. Errors: YB003 lines that do not add up; YB005, YB006 a field not given; YB007, YB009; YB201 the policy does not say; YB202 it leaves it open. Immutable.';
