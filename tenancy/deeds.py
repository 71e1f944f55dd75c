"""Words for what the event log records, and for what it was done to. Codes are kept, words are shown.

Apps above name their deeds here too: one list, so that a code without words fails tests/tenancy/test_deeds.py.
"""

from __future__ import annotations

from collections.abc import Callable

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from lib.kinds import registry
from tenancy.models.grant import Role, ScopeKind

DEEDS: dict[str, Promise] = {
    "signed_in": _("signed in"),
    "signed_out": _("signed out"),
    "sign_in_failed": _("sign-in failed"),
    "locked_out": _("locked out"),
    "token_given": _("token given to a program"),
    "refused": _("was refused"),
    "password_changed": _("changed the own password"),
    "second_factor_on": _("switched the second factor on"),
    "second_factor_off": _("switched the second factor off"),
    "recovery_codes_renewed": _("made new recovery codes"),
    "sessions_ended": _("signed other devices out"),
    "settings_changed": _("changed the settings"),
    "feedback_sent": _("complaint or suggestion received"),
    "feedback_answered": _("answered a complaint or suggestion"),
    "login_created": _("made a login"),
    "login_linked": _("linked a login to a person"),
    "login_disabled": _("disabled a login"),
    "login_enabled": _("allowed a login again"),
    "logins_ordered": _("ordered logins for many"),
    "logins_created": _("logins for many were made"),
    "slips_taken": _("took the slips of first passwords"),
    "password_reset": _("gave a new first password"),
    "second_factor_required": _("required a second factor"),
    "second_factor_optional": _("left the second factor to the person"),
    "second_factor_reset": _("removed a lost second factor"),
    "grant_given": _("gave a role"),
    "grant_ended": _("ended a role"),
    "county_created": _("set the county up"),
    "county_opened": _("opened the county"),
    "county_closed": _("closed the county"),
    "first_admin_created": _("made the first administrator"),
    "sums_published": _("published sums to the prefecture"),
    "sums_retracted": _("took back sums published to the prefecture"),
    "reader_created": _("made a reader of a prefecture's sums"),
    "reader_ended": _("ended a reader of a prefecture's sums"),
    "operator_created": _("made an operator"),
    "divisions_compared": _("compared the division codes"),
    "division_accepted": _("accepted a change of division codes"),
    "division_refused": _("left a division as it is"),
    "unit_created": _("wrote a unit down"),
    "unit_changed": _("changed a unit"),
    "unit_ended": _("ended a unit"),
    "unit_reopened": _("reopened a unit"),
    "person_created": _("wrote a person down"),
    "person_changed": _("changed a person"),
    "phone_shown": _("looked at a telephone number"),
    "post_begun": _("began a post"),
    "post_ended": _("ended a post"),
    "listed": _("put a village on a list"),
    "delisted": _("took a village off a list"),
    "pairing_created": _("wrote a pairing down"),
    "pairing_changed": _("changed a pairing"),
    "pairing_ended": _("ended a pairing"),
    "pairings_renewed": _("carried pairings over to the next year"),
    "pairing_proposed": _("proposed a pairing"),
    "pairing_agreed": _("agreed to a pairing"),
    "pairing_rejected": _("rejected a pairing"),
    "pairing_signed": _("wrote an agreement down"),
    "pairing_activated": _("let a pairing become active"),
    "pairing_suspended": _("suspended a pairing"),
    "pairing_resumed": _("resumed a pairing"),
    "pairing_plan_approved": _("wrote the approval of a yearly plan down"),
    "pairings_moved": _("moved the pairings of a unit"),
    "pairing_post_named": _("named a group leader or liaison"),
    "programme_created": _("wrote a programme down"),
    "programme_changed": _("changed a programme"),
    "year_opened": _("set a programme year up"),
    "year_switched_on": _("switched a programme year on"),
    "deadlines_changed": _("changed the deadlines of a year"),
    "rule_created": _("wrote a rule down"),
    "rule_drafted": _("drafted a new version of a rule"),
    "rule_draft_dropped": _("dropped the draft of a rule"),
    "rule_published": _("published a version of a rule"),
    "rule_switched_on": _("put a rule to use"),
    "rule_switched_off": _("took a rule out of use"),
    "type_created": _("added an activity type"),
    "type_changed": _("changed an activity type"),
    "content_class_created": _("added a content class"),
    "content_class_changed": _("changed a content class"),
    "waiver_added": _("wrote a waiver down"),
    "waiver_withdrawn": _("withdrew a waiver"),
    "working_day_set": _("set a day of the working calendar"),
    "calendar_loaded": _("imported the published holidays"),
    "month_reopened": _("reopened a locked month"),
    "record_drafted": _("kept a record as a draft"),
    "record_submitted": _("submitted a record"),
    "record_edited": _("changed a record"),
    "record_resubmitted": _("submitted a returned record again"),
    "record_confirmed": _("confirmed a record"),
    "record_confirmation_undone": _("took a confirmation back"),
    "record_returned": _("returned a record"),
    "record_voided": _("voided a record"),
    "record_abandoned": _("abandoned a draft"),
    "item_created": _("registered a project, livelihood item or courtyard"),
    "item_changed": _("changed a project, livelihood item or courtyard"),
    "item_moved": _("moved a project, livelihood item or courtyard on"),
    "visitor_created": _("wrote a visitor down"),
    "visitor_changed": _("changed what is written of a visitor"),
    "visitors_read": _("read who came to a reception"),
    "household_listed": _("put a household on the list"),
    "households_listed": _("put households on the list"),
    "household_changed": _("changed what is written of a household"),
    "household_delisted": _("took a household off the list"),
    "figure_set": _("wrote a yearly figure down"),
    "figure_corrected": _("corrected a yearly figure"),
    "warning_proposed": _("proposed a warning"),
    "warning_signed": _("signed a warning"),
    "warning_answered": _("answered a warning"),
    "warning_withdrawn": _("withdrew a warning"),
    "finding_issued": _("issued a finding"),
    "finding_handed_in": _("handed a finding in for a check"),
    "finding_closed": _("closed a finding"),
    "notice_taken_back": _("took a public notice of grades back"),
    "finding_sent_back": _("sent a finding back"),
    "extension_asked": _("asked for more time for a finding"),
    "finding_extended": _("moved the day of a finding"),
    "extension_refused": _("refused more time for a finding"),
    "entry_made": _("entered a figure of a review"),
    "poll_set": _("wrote a poll of villagers down"),
    "honour_added": _("wrote a promoted experience down"),
    "honour_withdrawn": _("withdrew a promoted experience"),
    "veto_added": _("wrote a veto down"),
    "veto_lifted": _("lifted a veto"),
    "joint_report_drafted": _("drafted a joint report"),
    "joint_report_edited": _("edited a joint report"),
    "joint_report_signed": _("signed a joint report"),
    "paper_template_kept": _("put a report template to use"),
    "paper_template_dropped": _("took a report template out of use"),
    "village_mark_given": _("gave the village's mark"),
    "cycle_created": _("began an assessment"),
    "cycle_changed": _("changed an assessment"),
    "cycle_moved": _("led an assessment on"),
    "cycle_scored": _("computed scores"),
    "cycle_recomputed": _("computed public scores again"),
    "rubric_created": _("made a rubric"),
    "rubric_copied": _("copied a rubric"),
    "rubric_changed": _("changed a rubric"),
    "rubric_frozen": _("froze a rubric"),
    "rubric_dropped": _("threw a rubric away"),
    "self_report_saved": _("kept a self-report"),
    "self_report_submitted": _("handed in a self-report"),
    "self_report_approved": _("approved a self-report"),
    "self_report_returned": _("gave a self-report back"),
    "figure_disputed": _("disputed a figure"),
    "dispute_answered": _("answered a dispute"),
    "grades_decided": _("typed in the group's decision"),
    "snapshot_taken": _("froze a year into its archive"),
    "messages_expired": _("messages were too late to be sent"),
    "notice_answered": _("answered a notice"),
    "exported": _("took data away as a file"),
    "import_started": _("sent a file for import"),
    "import_previewed": _("looked at an import before confirming"),
    "import_committed": _("confirmed an import"),
    "import_undone": _("undid an import"),
    "import_dropped": _("dropped an import"),
    "import_downloaded": _("took an import's sheet with its errors"),
}

OBJECTS: dict[str, Promise] = {
    "account": _("login"),
    "activity_type": _("activity type"),
    "content_class": _("content class"),
    "designation": _("list of villages"),
    "division_change": _("change of division codes"),
    "division_revision": _("edition of division codes"),
    "entry": _("reviewer's figure"),
    "feedback": _("complaint or suggestion"),
    "figure": _("yearly figure"),
    "finding": _("finding"),
    "grant": _("role"),
    "honour": _("promoted experience"),
    "household": _("household"),
    "import": _("import"),
    "job": _("job"),
    "member": _("people and grants"),
    "message": _("message"),
    "notice": _("notice"),
    "organisation": _("unit"),
    "pairing": _("pairing"),
    "pairing_post": _("post in a pairing"),
    "party_organisation": _("Party organisation"),
    "person": _("person"),
    "post": _("post"),
    "joint_report": _("joint report"),
    "month_report": _("month report"),
    "paper_template": _("report template"),
    "record": _("record"),
    "sheet": _("score sheet"),
    "project": _("project"),
    "livelihood_item": _("livelihood item"),
    "courtyard": _("courtyard"),
    "visitor": _("visitor"),
    "poll": _("poll"),
    "cycle": _("assessment"),
    "rubric": _("rubric"),
    "self_report": _("self-report"),
    "dispute": _("dispute"),
    "programme": _("programme"),
    "rule": _("rule"),
    "settings": _("settings"),
    "tenant": _("county"),
    "town": _("town"),
    "unit": _("unit"),
    "veto": _("veto"),
    "village": _("village"),
    "warning": _("warning"),
    "waiver": _("waiver"),
    "working_day": _("day of the working calendar"),
}

# What the details of an entry are called; their values are counts, names of fields and codes, never data.
DETAILS: dict[str, Promise] = {
    "added": _("added"),
    "changed": _("changed"),
    "edition": _("edition"),
    "error": _("rows with an error"),
    "fields": _("fields"),
    "filters": _("filters"),
    "form": _("form"),
    "kind": _("kind"),
    "ledger": _("ledger"),
    "level": _("level"),
    "line": _("line"),
    "month": _("month"),
    "n": _("number"),
    "n_rows": _("rows"),
    "n_towns": _("towns"),
    "n_villages": _("villages"),
    "ok": _("rows that are right"),
    "post": _("post"),
    "preset": _("preset"),
    "question": _("rows with a question"),
    "reason": _("reason"),
    "role": _("role"),
    "scope": _("scope"),
    "side": _("side"),
    "state": _("state"),
    "type": _("type"),
}


_values: dict[str, Callable[[str], str]] = {}
_fields: dict[str, Callable[[str], str]] = {}


def deed_words(code: str) -> str:
    """A deed in words; a code that nobody named is shown as it is."""
    return str(DEEDS.get(code, code))


def name_values(detail: str, words: Callable[[str], str]) -> None:
    """Let an app above say what the codes of a detail mean; ``words`` gives a code it does not know back."""
    _values[detail] = words


def name_fields(object_kind: str, words: Callable[[str], str]) -> None:
    """Let an app above say what the fields of an object are called that is no declared kind."""
    _fields[object_kind] = words


def detail_words(name: str, value: object, object_kind: str = "") -> str:
    """One detail of an entry: "role village secretary"; nothing for a row's public id, which tells a reader nothing."""
    if name == "unit":
        return ""
    if name == "role" and value in Role.values:
        value = Role(value).label
    elif name == "scope" and value in ScopeKind.values:
        value = ScopeKind(value).label
    elif name == "fields" and isinstance(value, list):
        value = _now(", ").join(_field_words(object_kind, str(item)) for item in value)
    elif name in _values and isinstance(value, str):
        value = _values[name](value)
    elif isinstance(value, list):
        value = _now(", ").join(str(item) for item in value)
    return f"{DETAILS.get(name, name)} {value}"


def _field_words(object_kind: str, field: str) -> str:
    """What people call a field: as the app above says, else as its kind declares it, else its code."""
    if object_kind in _fields:
        return _fields[object_kind](field)
    declared = next((kind for kind in registry.all_kinds() if kind.code == object_kind), None)
    labels = {key: str(one.label) for one in (declared.fields if declared else ()) for key in (one.attribute, one.key) if key}
    return labels.get(field, field)


def object_words(code: str) -> str:
    """What it was done to, in words."""
    return str(OBJECTS.get(code, code))
