"""Addresses of the API, under ``/<tenant>/api/v1/``."""

from django.urls import URLPattern, URLResolver, include, path
from rest_framework.routers import SimpleRouter

from activities.api import items as items_api
from activities.api import records as records_api
from activities.api import rules as rules_api
from activities.api.obligations import ObligationViews
from activities.api.programmes import ProgrammeViews
from activities.api.waivers import WaiverViews, WaiverWithdraw
from assessment.api import facts as facts_api
from assessment.api.views import AssessmentViews
from config.api_schema import SchemaView
from notices.api.views import InboxViews
from pairing.api import households as households_api
from pairing.api import steps as pairing_steps
from pairing.api.views import PairingViews
from reports.api import joint_reports as joint_reports_api
from reports.api.board import BoardView
from supervision.api.views import FindingViews, WarningViews
from tenancy.api_auth import TokenEndView, TokenView
from units.api.figures import FigureViews
from units.api.views import PersonViews, TownViews, UnitViews, VillageViews
from units.importing import api as imports

app_name = "api"

router = SimpleRouter(use_regex_path=False)
for name, views in (
    ("units", UnitViews),
    ("villages", VillageViews),
    ("towns", TownViews),
    ("people", PersonViews),
    ("programmes", ProgrammeViews),
    ("pairings", PairingViews),
    ("inbox", InboxViews),
    ("records", records_api.RecordViews),
    ("items", items_api.ItemViews),
    ("obligations", ObligationViews),
    ("rules", rules_api.RuleViews),
    ("waivers", WaiverViews),
    ("households", households_api.HouseholdViews),
    ("figures", FigureViews),
    ("assessments", AssessmentViews),
    ("polls", facts_api.PollViews),
    ("honours", facts_api.HonourViews),
    ("vetoes", facts_api.VetoViews),
    ("warnings", WarningViews),
    ("findings", FindingViews),
    ("joint-reports", joint_reports_api.JointReportViews),
):
    router.register(name, views, basename=name)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include(router.urls)),
    path("pairings/propose/", pairing_steps.Propose.as_view(), name="pairing_propose"),
    *[path(f"pairings/<uuid:id>/{code}/", step.as_view(), name=f"pairing_{code}") for code, step in pairing_steps.STEPS.items()],
    *[path(f"records/<uuid:id>/{code}/", step.as_view(), name=f"record_{code}") for code, step in records_api.STEPS.items()],
    path("joint-reports/<uuid:id>/edit/", joint_reports_api.JointReportEdit.as_view(), name="joint_report_edit"),
    path("joint-reports/<uuid:id>/sign/", joint_reports_api.JointReportSign.as_view(), name="joint_report_sign"),
    path("items/<uuid:id>/move/", items_api.Move.as_view(), name="item_move"),
    path("items/<uuid:id>/house/", items_api.House.as_view(), name="item_house"),
    *[path(f"rules/<uuid:id>/{code}/", step.as_view(), name=f"rule_{code}") for code, step in rules_api.STEPS.items()],
    path("waivers/<uuid:id>/withdraw/", WaiverWithdraw.as_view(), name="waiver_withdraw"),
    path("households/<uuid:id>/delist/", households_api.HouseholdDelist.as_view(), name="household_delist"),
    path("honours/<uuid:id>/withdraw/", facts_api.HonourWithdraw.as_view(), name="honour_withdraw"),
    path("vetoes/<uuid:id>/lift/", facts_api.VetoLift.as_view(), name="veto_lift"),
    path("board/", BoardView.as_view(), name="board"),
    path("imports/", imports.ImportList.as_view(), name="imports"),
    path("imports/<uuid:id>/", imports.ImportDetail.as_view(), name="import"),
    path("imports/<uuid:id>/answers/", imports.ImportAnswers.as_view(), name="import_answers"),
    path("imports/<uuid:id>/commit/", imports.ImportCommit.as_view(), name="import_commit"),
    path("imports/<uuid:id>/undo/", imports.ImportUndo.as_view(), name="import_undo"),
    path("imports/<uuid:id>/drop/", imports.ImportDrop.as_view(), name="import_drop"),
    path("auth/token/", TokenView.as_view(), name="token"),
    path("auth/logout/", TokenEndView.as_view(), name="token_end"),
    path("schema/", SchemaView.as_view(), name="schema"),
]
