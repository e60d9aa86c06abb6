# What the Perl tests share: servers in UTF8, and errors with their SQLSTATE.
package YibaoTest;

use strict;
use warnings;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Exporter 'import';
our @EXPORT = qw(new_server sqlstate_of psql_all default_version);

# A started server; further arguments go to PostgreSQL::Test::Cluster->new.
sub new_server
{
	my ($name, %params) = @_;
	my $node = PostgreSQL::Test::Cluster->new($name, %params);
	$node->init(extra => [ '--encoding=UTF8', '--no-locale' ]);
	$node->append_conf('postgresql.conf', "fsync = off\ntimezone = 'UTC'\n");
	$node->start;
	return $node;
}

# Run SQL; return (exit status, stdout, stderr), errors with SQLSTATE and all fields.
sub psql_all
{
	my ($node, $db, $sql, %params) = @_;
	my ($out, $err) = ('', '');
	my $status = $node->psql(
		$db, $sql,
		stdout => \$out,
		stderr => \$err,
		on_error_stop => 1,
		extra_params => [ '-v', 'VERBOSITY=verbose', @{ $params{extra_params} // [] } ],
		$params{connstr} ? (connstr => $params{connstr}) : ());
	return ($status, $out, $err);
}

# The SQLSTATE with which SQL fails, '' if it does not; in list context also everything it said.
sub sqlstate_of
{
	my ($node, $db, $sql, %params) = @_;
	my ($status, $out, $err) = psql_all($node, $db, $sql, %params);
	my ($state) = $status == 0 ? ('') : $err =~ /(?:ERROR|FATAL):\s+([0-9A-Z]{5}):/;
	$state //= "no SQLSTATE: $err";
	return wantarray ? ($state, $err) : $state;
}

sub default_version
{
	my $control = slurp_file('control/yibao.control');
	$control =~ /^default_version\s*=\s*'([^']+)'/m or die 'no default_version';
	return $1;
}

1;
