"""Start-up of the app: its kinds and panels become known."""

from django.apps import AppConfig


class UnitsConfig(AppConfig):
    """Units, people, posts, lists, imports."""

    name = "units"

    def ready(self) -> None:
        from lib.kinds import panels as cards
        from lib.kinds.history import tell_names
        from lib.kinds.registry import register
        from tenancy import deeds
        from units import panels
        from units.importing.home import waiting_panel
        from units.kinds import KINDS
        from units.models.person import PostKind
        from units.queries import person_names

        for kind in KINDS:
            register(kind)
        panels.register()
        cards.register(waiting_panel, "home")
        tell_names(person_names)
        deeds.name_values("post", lambda code: str(PostKind(code).label) if code in PostKind.values else code)
