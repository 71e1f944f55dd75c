"""The roster of units (单位花名册) as a form: its columns, and units as its rows (domain.md §8.1, 1)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from lib.chinese.names import split_people
from lib.sheets.columns import Column, Option, SheetKind, Type
from lib.sheets.readings import NumberValue, PersonValue, Value
from units.models import Post, Unit, UnitKind
from units.models.person import PostKind
from units.models.unit import UnitNature

NATURES = (
    Option(UnitNature.ADMINISTRATIVE, "行政机关", ("机关", "党政机关", "行政单位", "机关单位")),
    Option(UnitNature.INSTITUTION, "事业单位", ("事业", "公益一类", "公益二类", "参公事业单位")),
    Option(
        UnitNature.STATIONED,
        "驻县单位",
        (
            "驻高单位",
            "中直驻县单位",
            "中直驻高单位",
            "驻市单位",
            "驻区单位",
            "省直驻县单位",
            "垂直管理单位",
            "中直单位",
            "中省直单位",
        ),
    ),
    Option(UnitNature.PEOPLES, "人民团体", ("群团组织", "群团", "社会团体", "群众团体")),
    Option(UnitNature.STATE_ENTERPRISE, "国有企业", ("国企", "国有公司", "国有独资企业")),
    Option(UnitNature.ENTERPRISE, "企业", ("民营企业", "非公企业", "私营企业")),
    Option(UnitNature.OTHER, "其他", ("其它",)),
)

UNITS = SheetKind(
    code="units",
    label=_("Roster of units"),
    title="单位花名册",
    columns=(
        Column(
            name="unit",
            heading="单位名称",
            label=_("Unit"),
            aliases=("单位", "单位全称"),
            type=Type.UNIT_NAME,
            required=True,
            max_length=80,
        ),
        Column(
            name="nature", heading="单位性质", label=_("Nature"), aliases=("性质", "单位类型"), type=Type.CHOICE, options=NATURES
        ),
        Column(
            name="superior",
            heading="主管部门",
            label=_("Superior body"),
            aliases=("主管单位", "上级主管部门"),
            type=Type.UNIT_NAME,
            none_words=True,
            max_length=80,
        ),
        Column(
            name="party_org",
            heading="党组织名称",
            label=_("Party organisation"),
            aliases=("党组织", "所属党组织"),
            type=Type.UNIT_NAME,
            none_words=True,
            max_length=80,
        ),
        Column(name="n_members", heading="党员数", label=_("Party members"), aliases=("党员人数", "党员总数"), type=Type.INTEGER),
        Column(
            name="principal",
            heading="主要负责人",
            label=_("Principal"),
            aliases=("负责人", "单位负责人"),
            type=Type.PERSON,
            phone_headings=("联系电话",),
        ),
        Column(
            name="principal_title", heading="职务", label=_("Title"), aliases=("主要负责人职务",), none_words=True, max_length=60
        ),
        Column(name="group_leader", heading="组长", label=_("Group leader"), aliases=("工作组组长",), type=Type.PERSON),
        Column(name="liaison", heading="联络员", label=_("Liaison"), aliases=("联系人",), type=Type.PERSON),
        Column(
            name="team", heading="队员名单", label=_("Team members"), aliases=("队员", "成员名单", "工作队员"), type=Type.NAMES
        ),
        Column(name="notes", heading="备注", label=_("Notes"), none_words=True, max_length=400),
    ),
)

_POSTS = {PostKind.PRINCIPAL: "principal", PostKind.GROUP_LEADER: "group_leader", PostKind.LIAISON: "liaison"}


def roster_rows(units: Iterable[Unit]) -> list[dict[str, Value]]:
    """County units as rows of the roster: what is written so and imported again changes nothing.

    Three queries however many units; keep the order given.
    """
    rows: dict[int, dict[str, Value | None]] = {
        unit.pk: {
            "unit": unit.name,
            "nature": unit.nature,
            "superior": unit.superior_name,
            "n_members": None if unit.n_party_members is None else NumberValue(Decimal(unit.n_party_members)),
            "team": split_people(unit.team),
            "notes": unit.notes,
        }
        for unit in units
    }
    branches = Unit.objects.filter(parent__in=rows, kind=UnitKind.PARTY_ORGANISATION, ends_on=None).order_by("-id")
    for parent_id, name in branches.values_list("parent_id", "name"):
        rows[parent_id]["party_org"] = name  # the first one entered wins: the order is backwards
    titles: dict[int, str] = defaultdict(str)
    posts = Post.objects.filter(unit__in=rows, kind__in=list(_POSTS), ends_on=None).select_related("person").order_by("-id")
    for post in posts:
        rows[post.unit_id][_POSTS[PostKind(post.kind)]] = PersonValue(post.person.name, post.phone)
        if post.kind == PostKind.PRINCIPAL:
            titles[post.unit_id] = post.title
    for unit_id, title in titles.items():
        rows[unit_id]["principal_title"] = title
    return [{name: value for name, value in row.items() if value not in (None, "", ())} for row in rows.values()]
