#!/bin/sh
# The database container's first start: roles and rights (config/sql), then the passwords from the secrets.
set -eu

run() {
    psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" "$@"
}

run --file /sql/roles.sql --file /sql/database.sql
for role in pair_app pair_owner pair_dispatch pair_pref pair_backup; do
    # psql reads the file itself: as an argument the password would stand in the process list.
    run <<SQL
\set password `cat /run/secrets/$role`
ALTER ROLE $role PASSWORD :'password';
SQL
done
