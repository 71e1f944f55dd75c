"""The list of pairings (结对关系一览表) as a form: its columns, and pairings as its rows (domain.md §8.1, 2)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext_lazy as _

from lib.sheets.columns import Column, Option, SheetKind, Type
from lib.sheets.readings import DateValue, PersonValue, Value
from pairing.models import Pairing, PairingPost
from pairing.models.pairing import LIVE_STATES, Origin
from units.models import Listing, Post, Unit
from units.models.listing import ListingKind
from units.models.person import PostKind

# 自选 stands in the remarks, in a form that has no column for it.
SELF_CHOSEN_WORD = "自选"

DESIGNATIONS = (
    Option(ListingKind.KEY_VILLAGE, "重点村", ("乡村振兴重点村", "重点帮扶村", "重点")),
    Option(ListingKind.MODEL_VILLAGE, "典型村", ("示范村", "典型", "示范")),
    Option(ListingKind.WEAK_VILLAGE, "薄弱村", ("集体经济薄弱村", "薄弱")),
)

PAIRINGS = SheetKind(
    code="pairings",
    label=_("List of pairings"),
    title="结对关系一览表",
    columns=(
        Column(
            name="town",
            heading="镇(街道)",
            label=_("Town"),
            aliases=("镇", "镇街", "乡镇", "街道", "镇(街)", "乡镇(街道)", "所属镇", "所在镇"),
            type=Type.UNIT_NAME,
            none_words=True,
            max_length=80,
        ),
        Column(
            name="village",
            heading="结对村",
            label=_("Village"),
            aliases=("村", "村(社区)", "结对村(社区)", "行政村", "村名"),
            type=Type.UNIT_NAME,
            required=True,
            max_length=80,
        ),
        Column(
            name="designations",
            heading="村类型",
            label=_("Designations"),
            aliases=("村类别", "村的类型"),
            type=Type.CHOICES,
            options=DESIGNATIONS,
            none_words=True,
        ),
        Column(
            name="secretary",
            heading="村党组织书记",
            label=_("Village secretary"),
            aliases=("村书记", "党组织书记", "村支书"),
            type=Type.PERSON,
        ),
        Column(
            name="leader_contact",
            heading="挂点市领导",
            label=_("County leader in contact"),
            aliases=("挂点领导", "挂点县领导", "挂点区领导", "联系领导"),
            none_words=True,
            max_length=60,
        ),
        Column(
            name="lead_unit",
            heading="牵头单位",
            label=_("Lead unit"),
            type=Type.UNIT_NAME,
            none_words=True,
            max_length=80,
        ),
        Column(
            name="unit",
            heading="结对单位",
            label=_("Unit"),
            aliases=("单位", "单位名称", "帮扶单位"),
            type=Type.UNIT_NAME,
            required=True,
            max_length=80,
        ),
        Column(
            name="party_org",
            heading="结对党支部",
            label=_("Party organisation"),
            aliases=("结对党组织", "党支部", "党组织"),
            type=Type.UNIT_NAME,
            none_words=True,
            max_length=80,
        ),
        Column(name="group_leader", heading="组长", label=_("Group leader"), aliases=("工作组组长",), type=Type.PERSON),
        Column(name="liaison", heading="联络员", label=_("Liaison"), aliases=("联系人",), type=Type.PERSON),
        Column(name="starts_on", heading="结对时间", label=_("Paired from"), aliases=("结对日期",), type=Type.DATE),
        Column(
            name="agreement_signed_on",
            heading="协议签订时间",
            label=_("Agreement signed on"),
            aliases=("签订时间", "协议签订日期", "签约时间"),
            type=Type.DATE,
        ),
        Column(name="notes", heading="备注", label=_("Notes"), none_words=True, max_length=400),
    ),
)

_VILLAGE_HEADINGS = ("结对村", "村(社区)", "结对村(社区)", "行政村", "村名", "所在村", "村名称")
_UNIT_HEADINGS = ("单位", "单位名称", "帮扶单位", "市直单位", "责任单位", "被考核单位", "结对共建单位")


def side_columns() -> tuple[Column, Column, Column]:
    """Town, village and unit as ledgers head them; which of the two sides is missing is asked row by row."""
    town = Column(
        name="town",
        heading="镇(街道)",
        aliases=("镇", "镇街", "乡镇", "街道", "镇(街)", "乡镇(街道)", "所属镇", "所在镇"),
        type=Type.UNIT_NAME,
        none_words=True,
        max_length=80,
    )
    village = Column(name="village", heading="村", aliases=_VILLAGE_HEADINGS, type=Type.UNIT_NAME, none_words=True, max_length=80)
    unit = Column(name="unit", heading="结对单位", aliases=_UNIT_HEADINGS, type=Type.UNIT_NAME, none_words=True, max_length=80)
    return town, village, unit


def remarks(pairing: Pairing) -> str:
    """备注 of a pairing: the word for a self-chosen village, then its notes."""
    chosen = SELF_CHOSEN_WORD if pairing.origin == Origin.SELF_CHOSEN else ""
    return ";".join(part for part in (chosen, pairing.notes) if part)


def pairing_rows(pairings: Iterable[Pairing]) -> list[dict[str, Value]]:
    """Pairings as rows of the list: what is written so and imported again changes nothing.

    Wants ``select_related("unit", "village__parent", "party_org")``; four queries beside, however many rows.
    """
    pairings = list(pairings)
    villages = {pairing.village_id for pairing in pairings}
    people: dict[tuple[int, str], PersonValue] = {}
    posts = PairingPost.objects.filter(pairing__in=pairings, ends_on=None).select_related("person")
    for holder in posts:
        people[holder.pairing_id, holder.kind] = PersonValue(holder.person.name, holder.phone)
    local: dict[tuple[int, str], PersonValue] = {}
    held = Post.objects.filter(unit__in=villages, ends_on=None, kind__in=[PostKind.VILLAGE_SECRETARY, PostKind.LEADER_CONTACT])
    for post in held.select_related("person").order_by("-id"):
        local[post.unit_id, post.kind] = PersonValue(post.person.name, post.phone)
    listed: dict[int, list[str]] = defaultdict(list)
    for listing in Listing.objects.filter(unit__in=villages, ends_on=None).order_by("kind"):
        listed[listing.unit_id].append(listing.kind)
    leads = _leads(pairings)
    rows: list[dict[str, Value | None]] = [
        {
            "town": pairing.village.parent.name if pairing.village.parent else None,
            "village": pairing.village.name,
            "designations": tuple(listed[pairing.village_id]),
            "secretary": local.get((pairing.village_id, PostKind.VILLAGE_SECRETARY)),
            "leader_contact": _name(local.get((pairing.village_id, PostKind.LEADER_CONTACT))),
            "lead_unit": leads.get((pairing.programme_id, pairing.village_id)),
            "unit": pairing.unit.name,
            "party_org": pairing.party_org.name if pairing.party_org else None,
            "group_leader": people.get((pairing.pk, "group_leader")),
            "liaison": people.get((pairing.pk, "liaison")),
            "starts_on": _day(pairing.starts_on),
            "agreement_signed_on": _day(pairing.agreement_signed_on),
            "notes": remarks(pairing),
        }
        for pairing in pairings
    ]
    return [{name: value for name, value in row.items() if value not in (None, "", ())} for row in rows]


def _day(day: date | None) -> DateValue | None:
    return None if day is None else DateValue(day, day)


def _name(person: PersonValue | None) -> str | None:
    return person.name if person else None


def _leads(pairings: list[Pairing]) -> dict[tuple[int, int], str]:
    """Name of the lead unit by (programme, village), whether or not the lead's own row is among those given."""
    programmes = {pairing.programme_id for pairing in pairings}
    villages = {pairing.village_id for pairing in pairings}
    found = Pairing.objects.filter(programme__in=programmes, village__in=villages, is_lead=True, state__in=LIVE_STATES)
    names = dict(Unit.objects.filter(pk__in={lead.unit_id for lead in found}).values_list("id", "name"))
    return {(lead.programme_id, lead.village_id): names[lead.unit_id] for lead in found}
