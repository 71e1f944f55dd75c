"""One database, several roles: the aliases are the same tables with other rights."""

from typing import Any


class OneDatabaseRouter:
    """Everything reads and writes as the application; only the owner migrates.

    ``migrate`` runs on alias ``owner`` (tenancy/management/commands/migrate.py).
    """

    def db_for_read(self, model: Any, **hints: Any) -> str:
        return "default"

    def db_for_write(self, model: Any, **hints: Any) -> str:
        return "default"

    def allow_relation(self, first: Any, second: Any, **hints: Any) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == "owner"
