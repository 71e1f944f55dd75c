#!/bin/sh
# Make the database URLs from the passwords that this service was given as secrets. Which it was given
# decides what it can do: only the migrate job holds the owner's.
set -eu

url() {
    printf 'postgresql://%s:%s@%s/%s' "$1" "$(cat "/run/secrets/$1")" "${DATABASE_HOST:-db:5432}" "${DATABASE_NAME:-pairing}"
}

if [ -f /run/secrets/pair_app ]; then
    DATABASE_URL=$(url pair_app)
    export DATABASE_URL
fi
if [ -f /run/secrets/pair_owner ]; then
    DATABASE_OWNER_URL=$(url pair_owner)
    export DATABASE_OWNER_URL
fi
if [ -f /run/secrets/pair_dispatch ]; then
    DATABASE_DISPATCH_URL=$(url pair_dispatch)
    export DATABASE_DISPATCH_URL
fi
if [ -f /run/secrets/pair_pref ]; then
    DATABASE_PREF_URL=$(url pair_pref)
    export DATABASE_PREF_URL
fi
exec "$@"
