"""What this app adds to the floors below when the server starts."""

from django.apps import AppConfig


class PairingConfig(AppConfig):
    name = "pairing"

    def ready(self) -> None:
        from lib.kinds import panels, registry
        from pairing import home, kinds, shown, shown_households
        from pairing.endings import live_pairings_first
        from pairing.queries import partners_of
        from pairing.views.households import DELIST
        from tenancy.views.kind_steps import register_buttons
        from units import endings, reach

        for kind in (kinds.PAIRING, kinds.PROGRAMME, kinds.HOUSEHOLD):
            registry.register(kind)
        reach.extend(partners_of)
        endings.before_ending(live_pairings_first)
        panels.register(shown.partners_panel, "unit", "village", "town", "party_organisation")
        panels.register(shown.posts_panel, "pairing")
        panels.register(shown.group_panel, "pairing")
        panels.register(shown.programme_panel, "programme")
        for card in (home.setup_panel, home.own_panel, home.gaps_panel, home.county_panel):
            panels.register(card, "home")
        panels.register(shown.steps_panel, "pairing")
        panels.register(shown.changes_panel, "pairing")
        panels.register(shown_households.households_panel, "pairing")
        panels.register(shown_households.own_households_panel, "home")
        panels.register(shown_households.village_panel, "village", "town")
        register_buttons(DELIST)
        panels.register_action(shown.move_action, "unit")
        panels.register_action(shown.new_pairing_action, "unit", "village")
        registry.extend("unit", kinds.PAIRED, after="nature")
        registry.extend("village", kinds.PAIRED, after="designations")
