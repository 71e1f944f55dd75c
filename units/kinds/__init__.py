"""The kinds of this app, one file each; ``units.apps`` registers them at start-up."""

from units.kinds.figures import FIGURE
from units.kinds.groups import GROUP
from units.kinds.organisations import UNIT
from units.kinds.party_organisations import PARTY_ORGANISATION
from units.kinds.people import PERSON
from units.kinds.towns import TOWN
from units.kinds.villages import VILLAGE

KINDS = (UNIT, VILLAGE, TOWN, PARTY_ORGANISATION, GROUP, PERSON, FIGURE)

__all__ = ["FIGURE", "GROUP", "KINDS", "PARTY_ORGANISATION", "PERSON", "TOWN", "UNIT", "VILLAGE"]
