#!/bin/sh
# Print a C header that holds every *.sql file of the folder given as a string, in the order of their names.
set -eu
export LC_ALL=C
cd "$1"
echo '/* Made by tools/embed.sh from control/poolarea: edit the scripts, not this file. */'
echo '#ifndef YIBAO_POOLAREA_SQL_H'
echo '#define YIBAO_POOLAREA_SQL_H'
list=
for file in *.sql; do
	[ -e "$file" ] || continue
	name=${file%.sql}
	id=$(printf %s "$name" | tr -c 'A-Za-z0-9' '_')
	printf '\nstatic const char poolarea_%s[] =\n' "$id"
	sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/	/\\t/g' -e 's/^/"/' -e 's/$/\\n"/' "$file"
	# a file without a line still is a string
	echo '"";'
	list="$list	{\"$name\", poolarea_$id},
"
done
# In C an array cannot be empty.
[ -n "$list" ] || list='	{"", ""},
'
printf '\nstatic const struct\n{\n	const char *name;\n	const char *text;\n}			poolarea_scripts[] = {\n%s};\n' "$list"
echo
echo '#endif							/* YIBAO_POOLAREA_SQL_H */'
