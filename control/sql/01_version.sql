-- The library: its version, and what a database must be like.

COMMENT ON EXTENSION yibao IS
'医保. China''s basic medical insurance for residents: settles claims by policy and guards the pooled fund.';

CREATE SCHEMA yibao;
GRANT USAGE ON SCHEMA yibao TO PUBLIC;
COMMENT ON SCHEMA yibao IS
'医保. The functions and types of the extension yibao; who may run one is the function''s own matter.';

CREATE FUNCTION yibao.require(version text) RETURNS void
    AS 'MODULE_PATHNAME', 'yibao_require'
    LANGUAGE C STABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION yibao.require(text) IS
'安装条件. Raises an error unless the library can serve SQL objects of the version given, in a database encoded in UTF8: the first statement of every install and upgrade script. NULL gives NULL.
Errors: YB601 library older than the version; YB602 database encoding not UTF8.
Stable; takes no lock.';

SELECT yibao.require('1.0');

CREATE FUNCTION yibao.version() RETURNS text
    AS 'MODULE_PATHNAME', 'yibao_version'
    LANGUAGE C STABLE PARALLEL SAFE;

COMMENT ON FUNCTION yibao.version() IS
'程序版本. Version of the library in use, such as 1.0; pg_extension.extversion is that of the SQL objects.
Errors: YB601 library older than the SQL objects; a newer one raises one WARNING per session.
Stable; takes no lock beyond reading pg_extension.';
