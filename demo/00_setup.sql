-- as centre
-- The DBA's part: the extension, an area, three people with their posts, the policy.
\pset footer off
\if :zh
\echo
\echo '════════ 秦安县城乡居民医保中心 · 演示(数据均为虚构,服务器用完即删) ════════'
\echo '数据库管理员:CREATE EXTENSION yibao;建统筹区 qinan;李经办、王复核、赵审计三人授岗;发布演示政策。'
\else
\echo
\echo '======== Qin''an medical-insurance centre: a demonstration (all data synthetic, the server goes when it ends) ========'
\echo 'The DBA: CREATE EXTENSION yibao; a pool area qinan; posts for three people; the demo policy published.'
\endif
CREATE EXTENSION yibao;
CREATE ROLE li LOGIN;
CREATE ROLE wang LOGIN;
CREATE ROLE zhao LOGIN;
GRANT USAGE ON SCHEMA yibao TO li, wang, zhao;
SELECT yibao.create_poolarea('qinan', '620522') \g /dev/null
SELECT yibao.grant_poolarea('qinan', 'li', 'clerk') \g /dev/null
SELECT yibao.grant_poolarea('qinan', 'wang', 'reviewer') \g /dev/null
SELECT yibao.grant_poolarea('qinan', 'zhao', 'auditor') \g /dev/null
INSERT INTO qinan.policy (policy_id, rules)
VALUES ('demo-gansu', yibao.policy_parse(pg_read_file(:'policies' || '/demo-gansu.json')));
