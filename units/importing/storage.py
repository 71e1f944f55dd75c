"""Where uploads lie: MEDIA_ROOT/<county's uid>/imports/<random>.bin, named by us, never by the sender."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from lib.sheets.refusals import SheetRefused
from tenancy.models import Tenant


class StorageFull(Exception):
    """The upload cannot be kept; the text says so to people."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A file as kept: its name below MEDIA_ROOT and the SHA-256 of its bytes."""

    name: str
    sha256: str
    size: int


def folder(tenant: Tenant) -> Path:
    return Path(settings.MEDIA_ROOT) / str(tenant.uid) / "imports"


def path_of(stored_as: str) -> Path:
    """The file behind a batch. The name is one that ``store`` made."""
    return Path(settings.MEDIA_ROOT) / stored_as


def store(tenant: Tenant, chunks: Iterable[bytes]) -> Stored:
    """Keep an upload: written beside its place, flushed to the disk, then renamed, so that no half file is ever read.

    Raises SheetRefused (too_big) beyond ``IMPORT_MAX_BYTES`` and StorageFull when the disk is.
    """
    place = folder(tenant)
    name = f"{secrets.token_hex(16)}.bin"
    part = place / f"{name}.part"
    digest, size = hashlib.sha256(), 0
    try:
        place.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            for chunk in chunks:
                size += len(chunk)
                if size > settings.IMPORT_MAX_BYTES:
                    raise SheetRefused("too_big", limit=settings.IMPORT_MAX_BYTES // 1024 // 1024)
                digest.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        part.replace(place / name)
    except OSError as problem:
        raise StorageFull(_("The file could not be stored: the disk is full or cannot be written. Try again later.")) from problem
    finally:
        part.unlink(missing_ok=True)
    return Stored(str((place / name).relative_to(settings.MEDIA_ROOT)), digest.hexdigest(), size)


def remove(stored_as: str) -> None:
    """Delete a stored file; nothing happens when it is gone already."""
    if stored_as:
        path_of(stored_as).unlink(missing_ok=True)
