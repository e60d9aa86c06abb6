# Messages in Chinese: the catalogue is installed, found and complete.
use strict;
use warnings;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use YibaoTest;

my $node = new_server('messages');
$node->safe_psql('postgres', 'CREATE EXTENSION yibao');

my $too_new = q{SELECT yibao.require('99.0')};
my (undef, $english) = sqlstate_of($node, 'postgres', $too_new);
like($english, qr/library is version/, 'without lc_messages an error is in English');
my ($state, $chinese) = sqlstate_of($node, 'postgres', "SET lc_messages = 'zh_CN.UTF-8'; $too_new");
like($chinese, qr/版本.*99\.0/s, 'with lc_messages = zh_CN.UTF-8 it is in Chinese');
like($chinese, qr/YB601/, 'its SQLSTATE is the same');

my $statistics = `msgfmt --statistics --check -o /dev/null po/zh_CN.po 2>&1`;
is($?, 0, 'po/zh_CN.po has no error, every format fits its original');
unlike($statistics, qr/untranslated|fuzzy/, 'every message in it is translated');

# Against the source: a message that the catalogue lacks would appear in English among Chinese ones.
is(system('make -s po/yibao.pot >/dev/null 2>&1'), 0, 'the messages of the source are extracted');
my $missing = `msgcmp po/zh_CN.po po/yibao.pot 2>&1`;
is($?, 0, 'po/zh_CN.po has every message of the source') or diag($missing);

done_testing();
