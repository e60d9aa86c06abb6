-- Pool areas: making one, granting posts in it, finding them.

CREATE FUNCTION yibao.create_poolarea(name text, admdvs text) RETURNS void
    AS 'MODULE_PATHNAME', 'yibao_create_poolarea'
    LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE COST 1000000;
COMMENT ON FUNCTION yibao.create_poolarea(text, text) IS
'建统筹区. Makes schema name with the tables, views and triggers of a pool area, owned by the caller, and revokes everything on them from everybody else, default privileges included. admdvs: 行政区划代码, six digits. NULL does nothing.
Errors: YB004 admdvs; 42602 name; 42P06 schema exists; 42501 no CREATE on the database; 55000 library and SQL objects are of two versions. Locks: those of CREATE TABLE.';

CREATE FUNCTION yibao.attach_poolarea(name text) RETURNS void
    AS 'MODULE_PATHNAME', 'yibao_attach_poolarea'
    LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE COST 1000000;
COMMENT ON FUNCTION yibao.attach_poolarea(text) IS
'重挂统筹区. Puts an area''s triggers and CHECKs back after DROP EXTENSION ... CASCADE; every policy is checked again. What was written in between is not posted: run yibao.verify. Brings an area that an older version made up to this one, with what its posts are given since; identity numbers up to the rows that a logical copy has. May be called again. The caller owns the schema. NULL does nothing.
Errors: YB603 no such area; 42501 not owner; 23514 a policy is not valid; YB601 the area is of a newer version; 55000 library and SQL objects are of two versions. Locks: the tables, as ALTER TABLE and CREATE TRIGGER do.';

CREATE FUNCTION yibao.grant_poolarea(area text, role text, post text) RETURNS void
    AS 'MODULE_PATHNAME', 'yibao_grant_poolarea'
    LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE COST 10000;
COMMENT ON FUNCTION yibao.grant_poolarea(text, text, text) IS
'授岗. Grants a role what a post needs: clerk 经办 (insert receipts, moves, premiums, settlements, proposals of transfers and payments), reviewer 复核 (approvals), publisher 发布 (policies), auditor 审计 (read all). All posts read all tables. The caller owns the area. NULL does nothing.
Errors: YB603 no such area; YB402 unknown post, or one that does not go with what the role holds (clerk and reviewer); 42704 no such role; 42501 not owner. Locks: as GRANT.';

CREATE FUNCTION yibao.poolareas() RETURNS TABLE (name text, admdvs text, version text, mode text, owner text)
    AS 'MODULE_PATHNAME', 'yibao_poolareas'
    LANGUAGE C STABLE PARALLEL UNSAFE COST 10000 ROWS 10;
COMMENT ON FUNCTION yibao.poolareas() IS
'统筹区清单. The pool areas of this database, by the trigger that their table area carries. admdvs, version and mode are NULL where the caller may not read them. No errors. Stable; takes no lock.';
