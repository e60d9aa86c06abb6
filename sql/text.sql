-- Text: amounts in words, names, identity and telephone numbers.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS yibao;
\pset null '(null)'
\set SHOW_CONTEXT never

-- Amounts in words.  The words stand here, the query compares; nothing but a
-- difference is shown.  From 支付结算办法 annex 1, where it gives two ways the
-- shorter: 6007.14, 1680.32, 107000.53, 16409.02, 325.04, and 1409.50, to which
-- 会计基础工作规范 article 52 adds 整.  The rest is written out by hand.
CREATE TEMP TABLE written (amount numeric, words text);
INSERT INTO written VALUES
    (1409.50, '壹仟肆佰零玖元伍角整'),
    (6007.14, '陆仟零柒元壹角肆分'),
    (1680.32, '壹仟陆佰捌拾元叁角贰分'),
    (107000.53, '壹拾万柒仟元伍角叁分'),
    (16409.02, '壹万陆仟肆佰零玖元零贰分'),
    (325.04, '叁佰贰拾伍元零肆分'),
    (0, '零元整'),
    (0.00, '零元整'),
    (0.01, '壹分'),
    (0.05, '伍分'),
    (0.10, '壹角整'),
    (0.5, '伍角整'),
    (0.99, '玖角玖分'),
    (1, '壹元整'),
    (1.05, '壹元零伍分'),
    (1.50, '壹元伍角整'),
    (9.99, '玖元玖角玖分'),
    (10, '壹拾元整'),
    (10.01, '壹拾元零壹分'),
    (11, '壹拾壹元整'),
    (20.30, '贰拾元叁角整'),
    (100, '壹佰元整'),
    (101, '壹佰零壹元整'),
    (110, '壹佰壹拾元整'),
    (1000, '壹仟元整'),
    (1001, '壹仟零壹元整'),
    (1010, '壹仟零壹拾元整'),
    (1100, '壹仟壹佰元整'),
    (10000, '壹万元整'),
    (10001, '壹万零壹元整'),
    (10010, '壹万零壹拾元整'),
    (10100, '壹万零壹佰元整'),
    (11000, '壹万壹仟元整'),
    (60000.00, '陆万元整'),
    (100000, '壹拾万元整'),
    (100001, '壹拾万零壹元整'),
    (1000000, '壹佰万元整'),
    (1010101.01, '壹佰零壹万零壹佰零壹元零壹分'),
    (10000000, '壹仟万元整'),
    (10010010, '壹仟零壹万零壹拾元整'),
    (20003000, '贰仟万叁仟元整'),
    (20000300, '贰仟万零叁佰元整'),
    (100000000, '壹亿元整'),
    (100000001, '壹亿零壹元整'),
    (100010000, '壹亿零壹万元整'),
    (100100000, '壹亿零壹拾万元整'),
    (110000000, '壹亿壹仟万元整'),
    (123456789.12, '壹亿贰仟叁佰肆拾伍万陆仟柒佰捌拾玖元壹角贰分'),
    (1000000000, '壹拾亿元整'),
    (1000000000000, '壹万亿元整'),
    (1000000000001, '壹万亿零壹元整'),
    (1000100000000, '壹万零壹亿元整'),
    (10000000000000, '壹拾万亿元整'),
    (99999999999999.99, '玖拾玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分'),
    (-1, '负壹元整'),
    (-0.05, '负伍分'),
    (-100010000, '负壹亿零壹万元整'),
    (-99999999999999.99, '负玖拾玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分'),
    (12.3000, '壹拾贰元叁角整');
SELECT amount, words, yibao.rmb_capital(amount) AS got
FROM written WHERE yibao.rmb_capital(amount) IS DISTINCT FROM words;
SELECT count(*) AS written, count(DISTINCT yibao.rmb_capital(amount)) AS different FROM written;
-- what no words of an amount ever hold: two 零 together, or one at the end
SELECT fen, yibao.rmb_capital(fen / 100.0) AS got
FROM generate_series(1, 100000000000000, 99999999937) AS fen
WHERE yibao.rmb_capital(fen / 100.0) ~ '零零|零元|零万|零亿|零角|零分|零$|[拾佰仟万亿]$'
   OR yibao.rmb_capital(fen / 100.0) !~ '([元角]整|分)$';
SELECT yibao.rmb_capital(NULL);
-- exact, or not at all
SELECT yibao.rmb_capital(1234.5 + 1e-900);
\echo :LAST_ERROR_SQLSTATE
SELECT yibao.rmb_capital(0.005);
\echo :LAST_ERROR_SQLSTATE
SELECT yibao.rmb_capital(-1200.001);
\echo :LAST_ERROR_SQLSTATE
SELECT yibao.rmb_capital(100000000000000);
\echo :LAST_ERROR_SQLSTATE
SELECT yibao.rmb_capital(-100000000000000);
\echo :LAST_ERROR_SQLSTATE
SELECT yibao.rmb_capital(1e131000);
\echo :LAST_ERROR_SQLSTATE
SELECT yibao.rmb_capital('NaN');
\echo :LAST_ERROR_SQLSTATE
SELECT yibao.rmb_capital('-Infinity');
\echo :LAST_ERROR_SQLSTATE

-- One spelling for one name.  U& spells what the eye cannot tell apart.
CREATE TEMP TABLE typed (n int, typed text, name text);
INSERT INTO typed VALUES
    (1, '张三', '张三'),
    (2, '  张 三 ', '张三'),
    (3, U&'\3000\5F20\3000\4E09\00A0', '张三'),             -- ideographic and no-break space
    (4, U&'\FEFF\5F20\200B\4E09\200D\0009', '张三'),        -- byte order mark, zero width, tab
    (5, E'张\r\n三', '张三'),
    (6, U&'\5F20\0001\4E09\007F', '张三'),                  -- control characters
    (7, '买买提·吐尔逊', '买买提·吐尔逊'),
    (8, '买买提•吐尔逊', '买买提·吐尔逊'),                  -- U+2022
    (9, '买买提‧吐尔逊', '买买提·吐尔逊'),                  -- U+2027
    (10, '买买提∙吐尔逊', '买买提·吐尔逊'),                 -- U+2219
    (11, '买买提⋅吐尔逊', '买买提·吐尔逊'),                 -- U+22C5
    (12, '买买提・吐尔逊', '买买提·吐尔逊'),                -- U+30FB
    (13, '买买提･吐尔逊', '买买提·吐尔逊'),                 -- U+FF65
    (14, U&'\4E70\4E70\63D0\0387\5410\5C14\900A', '买买提·吐尔逊'),
    (15, '买买提 · 吐尔逊', '买买提·吐尔逊'),
    (16, '买买提.吐尔逊', '买买提·吐尔逊'),
    (17, '买买提．吐尔逊', '买买提·吐尔逊'),                -- U+FF0E
    (18, '买买提··吐尔逊', '买买提·吐尔逊'),
    (19, 'ＪＯＨＮ　Ｓｍｉｔｈ', 'JOHN SMITH'),
    (20, ' john   smith jr. ', 'JOHN SMITH JR.'),
    (21, 'J. R. Smith', 'J. R. SMITH'),
    (22, U&'Jose\0301', 'JOSÉ'),                            -- e and a combining accent
    (23, '张三 Zhang San', '张三 ZHANG SAN'),
    (24, U&'\2F00\4E00', '一一'),                           -- radical and ideograph
    (25, U&'\F9DC\96C6', '隆集'),                           -- compatibility ideograph
    (26, U&'\738B\4DAE', U&'\738B\4DAE'),                   -- extension A, 䶮
    (27, U&'\+020087 \+02298F', U&'\+020087\+02298F'),      -- extension B
    (28, U&'\+030EDE\5341', U&'\+030EDE\5341'),             -- extension G
    (29, U&'\738B \E863', U&'\738B\E863'),                  -- private use
    (30, U&'\845B\+0E0100\57CE', U&'\845B\+0E0100\57CE'),   -- variation selector
    (31, '〇 一', '〇一'),
    (32, 'straße', 'STRASSE'),
    (33, '', ''),
    (34, U&'\200B \3000', '');
SELECT n, typed, name, yibao.name_normalize(typed) AS got
FROM typed WHERE yibao.name_normalize(typed) IS DISTINCT FROM name;
SELECT count(*) AS names, count(*) FILTER (WHERE yibao.name_normalize(typed) <> typed) AS changed FROM typed;
-- twice is once: every character of Unicode between two others
SELECT to_hex(c) AS not_stable
FROM generate_series(1, 1114111) AS c, LATERAL (SELECT yibao.name_normalize('a ' || chr(c) || ' 三 b.' || chr(c))) AS once (name)
WHERE c NOT BETWEEN 55296 AND 57343 AND yibao.name_normalize(name) <> name;
-- no Han character that has no canonical equivalent is changed
SELECT to_hex(c) AS changed
FROM unnest(ARRAY[int8range(13312, 19904), int8range(19968, 40960), int8range(131072, 173792), int8range(173824, 191472), int8range(196608, 201552)]) AS block,
     generate_series(lower(block), upper(block) - 1) AS c
WHERE yibao.name_normalize(chr(c::int)) <> chr(c::int);
SELECT yibao.name_normalize(NULL);
SELECT yibao.name_normalize(repeat('张', 21846));
\echo :LAST_ERROR_SQLSTATE

-- Names masked.
CREATE TEMP TABLE masked (name text, mask text);
INSERT INTO masked VALUES
    ('张三', '张*'),
    ('张三丰', '张**'),
    ('欧阳修', '欧阳*'),
    ('欧阳震华', '欧阳**'),
    ('欧阳', '欧*'),
    ('诸葛亮', '诸葛*'),
    ('张', '*'),
    ('', ''),
    (' 张 三 ', '张*'),
    ('买买提•吐尔逊', '买**·***'),
    ('John Smith', 'J*** *****'),
    (U&'\+020087\+02298F', U&'\+020087*'),                  -- a surrogate pair is one character
    (U&'\845B\+0E0100\57CE', U&'\845B\+0E0100*'),           -- so is one with its variation selector
    (U&'X\0323\0302u', U&'X\0323\0302*'),                   -- and one with two accents
    ('欧阳' || repeat('一', 40), '欧阳' || repeat('*', 40));
SELECT name, mask, yibao.name_mask(name) AS got
FROM masked WHERE yibao.name_mask(name) IS DISTINCT FROM mask;
SELECT yibao.name_mask(NULL), yibao.name_mask('王五');

-- Citizen numbers: the examples of GB 11643-1999, the sample of the 2023
-- permanent residence card, and what happens to them at a counter.
SELECT certno, yibao.certno_ok(certno) AS ok, yibao.certno_check(certno) AS wrong
FROM (VALUES
    ('11010519491231002X'),
    ('440524188001010014'),
    ('911124198108030024'),
    ('11010519491231002x'),
    ('110105194912310021'),
    ('110105194912310012'),
    ('11010519491231020X'),
    ('11015019491231002X'),
    ('11010519491231002'),
    ('11010519491231002X0'),
    ('130503670401001'),
    (' 11010519491231002X'),
    ('11010519491231002X '),
    ('1101051949123100２X'),
    ('110105194912310O2X'),
    ('000522198002290016'),
    ('620522198102290019'),
    ('620522199013010016'),
    ('620522190002290015'),
    ('620522198002290011'),
    ('G12345678'),
    (''),
    (NULL)) AS given (certno);
CREATE TEMP TABLE insured (certno text CHECK (yibao.certno_ok(certno)));
INSERT INTO insured VALUES ('11010519491231002X'), (NULL);
INSERT INTO insured VALUES ('11010519491231003X');

-- Numbers masked.
SELECT certno, yibao.certno_mask(certno)
FROM (VALUES
    ('620522198801011234'), ('11010519491231002X'), (' 620522 19880101 1234 '), ('６２０５２２１９８８０１０１１２３４'),
    ('130503670401001'), ('CAN110178010101'), ('E12345678'), ('H1234567890'), ('12345678'), ('1234567'), ('1'), (''), (NULL)) AS given (certno);
SELECT phone, yibao.phone_mask(phone)
FROM (VALUES
    ('13812345678'), ('+86 138 1234 5678'), ('１３８１２３４５６７８'), ('0938-6521234'), ('(0938)6521234'), ('6521234'), ('95588'), ('120'),
    ('13812345678 张三'), ('138/1234/5678'), (U&'\0661\0663\0668'), (''), (NULL)) AS given (phone);

-- What is promised to the planner.
SELECT proname, provolatile, proisstrict, proparallel, obj_description(oid, 'pg_proc') IS NOT NULL AS described
FROM pg_proc
WHERE pronamespace = 'yibao'::regnamespace
  AND proname IN ('rmb_capital', 'name_normalize', 'name_mask', 'certno_ok', 'certno_check', 'certno_mask', 'phone_mask')
ORDER BY proname;

-- 100,000 calls leave nothing behind in the backend.
CREATE TEMP TABLE memory AS SELECT sum(total_bytes) AS before FROM pg_backend_memory_contexts;
SELECT count(DISTINCT yibao.rmb_capital(n)) AS words, count(DISTINCT yibao.name_mask('张' || n)) AS masks
FROM generate_series(1, 100000) AS n;
SELECT sum(total_bytes) - before < 1000000 AS nothing_kept FROM pg_backend_memory_contexts, memory GROUP BY before;
