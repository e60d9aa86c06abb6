-- What version 1.1 adds to 1.0, so far nothing.  A statement belongs here as soon as control/sql changes what 1.0
-- installed, and must do no harm when it runs twice: OR REPLACE, IF NOT EXISTS, or a DO block that looks first.
-- A library of version 1.0 refuses the update (YB601); default_version stays 1.0 until 1.1 is released.
\echo Use "ALTER EXTENSION yibao UPDATE TO '1.1'" to load this file. \quit

SELECT yibao.require('1.1');
