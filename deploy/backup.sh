#!/bin/sh
# One backup: the database as the role that may read every county, and a manifest of the files.
#   BACKUP_URL   postgresql://pair_backup:…@127.0.0.1/pairing
#   BACKUP_DIR   where to, default /var/backups/pairing
#   MEDIA_ROOT   the counties' files, default /srv/pairing/media
#   BACKUP_DAYS  how long to keep, default 30
set -eu

folder=${BACKUP_DIR:-/var/backups/pairing}
media=${MEDIA_ROOT:-/srv/pairing/media}
name=pairing-$(date -u +%Y%m%dT%H%M%SZ)
umask 077
mkdir -p "$folder"
cd "$folder"
trap 'rm -f "$name.dump.part" "$name.media.part"' EXIT

# A role that row-level security filters would make a partial dump; pg_dump then fails, and so must we.
# Never add --enable-row-security here: it would hide exactly that.
pg_dump --format=custom --no-password --lock-wait-timeout=60s --file="$name.dump.part" "$BACKUP_URL"
pg_restore --list "$name.dump.part" >/dev/null
if [ -d "$media" ]; then
    (cd "$media" && find . -type f -exec sha256sum {} +) >"$name.media.part"
else
    : >"$name.media.part"
fi
# A name without .part is a whole backup.
mv "$name.media.part" "$name.media"
mv "$name.dump.part" "$name.dump"
sha256sum "$name.dump" "$name.media" >"$name.sha256"
find . -maxdepth 1 -name 'pairing-*' -mtime "+${BACKUP_DAYS:-30}" -delete
echo "$folder/$name.dump"
