-- Text: amounts in words, names, identity and telephone numbers.

CREATE FUNCTION yibao.rmb_capital(amount numeric) RETURNS text
    AS 'MODULE_PATHNAME', 'rmb_capital'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 40;

COMMENT ON FUNCTION yibao.rmb_capital(numeric) IS
'人民币大写. An amount in yuan in words, as on a cheque or a receipt: 107000.53 is 壹拾万柒仟元伍角叁分, 1.5 is 壹元伍角整, 0 is 零元整; a negative one begins with 负. Follows 支付结算办法 annex 1 and 会计基础工作规范 article 52; where they leave a choice, no 零 is written. The words 人民币 or ￥ are not part of it. NULL gives NULL.
Errors: YB001 more than two decimals (zeros beyond the second are none); YB002 NaN, infinite, or 100000000000000 yuan and more.
Immutable; takes no lock.';

CREATE FUNCTION yibao.name_normalize(name text) RETURNS text
    AS 'MODULE_PATHNAME', 'name_normalize'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 40;

COMMENT ON FUNCTION yibao.name_normalize(text) IS
'姓名规范化. One spelling for one name, to compare and to store: Unicode NFKC (full-width letters, radicals and compatibility characters become the usual ones), Latin letters in capitals as on identity documents, one separator · (U+00B7, 民委发〔2016〕33号) for every middle dot and for a full stop between Han characters, no space at the ends, around the separator or between Han characters, one elsewhere, no control or invisible character. Rare characters, also outside the Unicode BMP, in private use or with a variation selector, stay as they are. Doing it twice changes nothing. NULL gives NULL, what holds nothing visible gives an empty text.
Errors: 54000 more than 65536 bytes; YB602 database encoding not UTF8.
Immutable; takes no lock.';

CREATE FUNCTION yibao.name_mask(name text) RETURNS text
    AS 'MODULE_PATHNAME', 'name_mask'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 50;

COMMENT ON FUNCTION yibao.name_mask(text) IS
'姓名脱敏. The normalised name (see name_normalize) with its first character shown and a * for each other one: 张三 is 张*, 买买提·吐尔逊 is 买**·***. A surname of two characters stays whole where a given name follows: 欧阳修 is 欧阳*. A name of one character is *. Spaces and the separator stay. Characters are what a reader sees as one. NULL gives NULL.
Errors: 54000 more than 65536 bytes; YB602 database encoding not UTF8.
Immutable; takes no lock.';

CREATE FUNCTION yibao.certno_ok(certno text) RETURNS boolean
    AS 'MODULE_PATHNAME', 'certno_ok'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 3;

COMMENT ON FUNCTION yibao.certno_ok(text) IS
'公民身份号码校验. Is this a well-formed number of GB 11643-1999: 18 characters, a province, a day of the calendar, and a check character (MOD 11-2, capital X) that fits? Numbers of residence permits for Hong Kong, Macao and Taiwan residents and of the 2023 permanent residence card of foreigners are of the same build. It says nothing about whether such a person exists. Blanks are not trimmed. NULL gives NULL.
Errors: none. Immutable, fit for a CHECK; takes no lock.';

CREATE FUNCTION yibao.certno_check(certno text) RETURNS text
    AS 'MODULE_PATHNAME', 'certno_check'
    LANGUAGE C STABLE STRICT PARALLEL SAFE COST 3;

COMMENT ON FUNCTION yibao.certno_check(text) IS
'公民身份号码校验说明. What is wrong with a number that certno_ok does not accept, the first thing only, in the language of lc_messages; NULL when nothing is wrong, and for NULL.
Errors: none. Stable, because of lc_messages; takes no lock.';

CREATE FUNCTION yibao.certno_mask(certno text) RETURNS text
    AS 'MODULE_PATHNAME', 'certno_mask'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 40;

COMMENT ON FUNCTION yibao.certno_mask(text) IS
'证件号码脱敏. A document number with its middle as stars, one for each character: the first 6 and the last 4 of 15 characters and more (620522********1234), the first 2 and the last 2 of 8 to 14 (passports, travel permits), nothing of fewer. Full-width digits become usual ones and spaces go first. Correctness is not checked. NULL gives NULL.
Errors: 54000 more than 65536 bytes; YB602 database encoding not UTF8.
Immutable; takes no lock.';

CREATE FUNCTION yibao.phone_mask(phone text) RETURNS text
    AS 'MODULE_PATHNAME', 'phone_mask'
    LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20;

COMMENT ON FUNCTION yibao.phone_mask(text) IS
'电话号码脱敏. A telephone number with the four digits before the last four as stars: 138****5678; of four digits or fewer nothing is shown. Country code, +, -, brackets and spaces stay. What holds anything else is starred whole. NULL gives NULL.
Errors: 54000 more than 65536 bytes; YB602 database encoding not UTF8.
Immutable; takes no lock.';
