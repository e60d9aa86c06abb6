# The server's encoding is UTF8; another is refused before anything is created.
use strict;
use warnings;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use YibaoTest;

my $node = new_server('encoding');

for my $encoding ('SQL_ASCII', 'LATIN1')
{
	my $db = lc $encoding;
	$node->safe_psql('postgres', "CREATE DATABASE $db ENCODING '$encoding' LOCALE 'C' TEMPLATE template0");
	my ($state, $said) = sqlstate_of($node, $db, 'CREATE EXTENSION yibao');
	is($state, 'YB602', "a database in $encoding is refused");
	like($said, qr/in \Q$encoding\E.*HINT:.*ENCODING 'UTF8'/s, "the refusal names $encoding and the way out");
	is($node->safe_psql($db, q{SELECT count(*) FROM pg_namespace WHERE nspname = 'yibao'}),
		'0', "nothing is left behind in $encoding");
}

# The install script is in UTF8: where its bytes are none of the database's encoding, PostgreSQL refuses to read it.
$node->safe_psql('postgres', "CREATE DATABASE euc_cn ENCODING 'EUC_CN' LOCALE 'C' TEMPLATE template0");
like(sqlstate_of($node, 'euc_cn', 'CREATE EXTENSION yibao'), qr/^(YB602|22021)$/, 'a database in EUC_CN is refused');
is(sqlstate_of($node, 'euc_cn', "SET client_encoding = 'UTF8'; SELECT * FROM pg_available_extensions"),
	'', 'the control file does not get in the way of a database in EUC_CN on the same server');

# A client may speak another encoding: the server converts.
$node->safe_psql('postgres', 'CREATE DATABASE utf8');
is(sqlstate_of($node, 'utf8', "SET client_encoding = 'GB18030'; CREATE EXTENSION yibao"),
	'', 'a client in GB18030 creates the extension in a database in UTF8');

done_testing();
