#!/bin/sh
# Print the install script: the parts in the folder given, in the order of their names.
set -eu
export LC_ALL=C
printf '%s\n' '-- Made by tools/concat.sh from control/sql: edit the parts, not this file.'
printf '%s\n' '\echo Use "CREATE EXTENSION yibao" to load this file. \quit'
for part in "$1"/*.sql; do
	printf '\n-- %s\n\n' "$part"
	sed '/^\\echo /d' "$part"
done
