#!/bin/sh
# Random secrets for docker-compose.yml, one file each, made once: what exists is left as it is.
#   sh deploy/make-secrets.sh [folder]
set -eu

folder=${1:-$(dirname "$0")/secrets}
umask 077
mkdir -p "$folder"
for name in secret_key tenant_key postgres pair_app pair_owner pair_dispatch pair_pref pair_backup; do
    if [ ! -s "$folder/$name" ]; then
        # 48 bytes as hexadecimal digits: long enough for a key, and nothing in it needs quoting in a URL.
        od -An -tx1 -N48 /dev/urandom | tr -d ' \n' >"$folder/$name"
        # Compose mounts the file with its own mode, and the service's user (10001) is not its owner.
        chmod 0444 "$folder/$name"
    fi
done
chmod 0700 "$folder"
echo "密钥在 $folder:请另存一份到安全的地方,丢失 tenant_key 与 secret_key 后无法找回。"
