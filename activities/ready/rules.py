"""What the area "rules" registers with the floors below when the server starts."""

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model

from lib.kinds import panels


def ready() -> None:
    """Called once, by the app's configuration."""
    from activities import home_rules
    from tenancy import deeds

    deeds.name_fields("rule", _term)
    deeds.name_fields("programme", _setting)
    deeds.name_values("type", _type)
    deeds.name_values("preset", _preset)
    panels.register(home_rules.open_year_panel, "home")
    panels.register(home_rules.rules_panel, "programme")
    panels.register_action(home_rules.rules_action, "programme")


def _term(code: str) -> str:
    from activities.models import RuleTerms

    return _label(RuleTerms, code)


def _setting(code: str) -> str:
    """A setting of the year; what is no such setting is one of the programme itself."""
    from activities.models import YearSettings
    from pairing.models import Programme

    settings = _label(YearSettings, code)
    return _label(Programme, code) if settings == code else settings


def _label(model: type[Model], code: str) -> str:
    """What a model calls its field; the code where it has none of that name."""
    try:
        return str(getattr(model._meta.get_field(code), "verbose_name", code))
    except FieldDoesNotExist:
        return code


def _type(code: str) -> str:
    """An activity type as the presets name it; a type of the county's own goes by its code."""
    from activities.presets import PRESETS

    return next((one.name for preset in PRESETS.values() for one in preset.types if one.code == code), code)


def _preset(code: str) -> str:
    from activities.presets import PRESETS

    return PRESETS[code].title if code in PRESETS else code
