"""Who signs in to the demonstration: one invented person for each role, in an office that fits it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID, uuid5

from tenancy.models.grant import Role, ScopeKind
from units.models.person import PostKind

COUNTY = ("440981", "gaozhou")
OPERATOR_LOGIN = "operator"

# Names of what later kinds will hold: a joint committee and an inspection round.
_NAMESPACE = UUID("6f1c2b1e-2f2b-5f63-9d3a-7c8f0c5f4a01")
COMMITTEE = uuid5(_NAMESPACE, "committee")
ROUND = uuid5(_NAMESPACE, "round")


@dataclass(frozen=True, slots=True)
class Player:
    """One account: its role, over what, and who it is.

    ``holds``: the office whose holder in the ledgers signs in with it, as (unit, post); without it a new person
    ``name`` gets the office ``post`` in ``unit``. ``places``: names of the units the role is over; none: the county.
    ``scope_object``: what it is over where that is no unit.
    """

    role: Role
    name: str = ""
    unit: str = ""
    post: PostKind = PostKind.STAFF
    title: str = ""
    holds: tuple[str, PostKind] | None = None
    places: tuple[str, ...] = ()
    scope_kind: ScopeKind = ScopeKind.TENANT
    scope_object: UUID | None = None

    @property
    def login(self) -> str:
        return f"{self.role.value.lower()}.{COUNTY[1]}"


ADMINISTRATOR = Player(Role.CA, "张文清", "高州市委组织部", title="组织科科长")
PLAYERS = (
    Player(Role.CS, "李晓岚", "高州市委组织部", title="组织科科员"),
    Player(Role.IN, "王立新", "高州市纪委监委机关", title="督导组成员", scope_kind=ScopeKind.ROUND, scope_object=ROUND),
    Player(
        Role.CL,
        holds=("荷垌村", PostKind.LEADER_CONTACT),
        places=("荷垌村", "帅堂村", "罗平村"),
        scope_kind=ScopeKind.VILLAGE,
    ),
    Player(Role.TO, "陈秋云", "曹江镇", PostKind.TOWN_OFFICER, "组织委员", places=("曹江镇",), scope_kind=ScopeKind.TOWN),
    Player(Role.UL, holds=("高州市林业局", PostKind.LIAISON), places=("高州市林业局",), scope_kind=ScopeKind.UNIT),
    Player(Role.UG, holds=("高州市林业局", PostKind.GROUP_LEADER), places=("高州市林业局",), scope_kind=ScopeKind.UNIT),
    Player(Role.VS, holds=("荷垌村", PostKind.VILLAGE_SECRETARY), places=("荷垌村",), scope_kind=ScopeKind.VILLAGE),
    Player(Role.JC, "黄建波", "荷垌村", PostKind.OTHER, "联合党委委员", scope_kind=ScopeKind.COMMITTEE, scope_object=COMMITTEE),
    Player(Role.HC, "周明月", "高州市林业局", title="包户党员", places=("荷垌村",), scope_kind=ScopeKind.VILLAGE),
    Player(Role.AU, "吴守正", "高州市纪委监委机关", title="审计人员"),
)
