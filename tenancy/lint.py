"""The schema lint: holes in the walls, found by reading the database's own catalogues (reliability.md §1.6).

One query (tenancy/sql/lint.sql); each row is a failure. Run by ``manage.py lint_schema``, by the start-up check
and by the tests; any role may run it.

    L1   a table without tenant_id that is not on the global list; an entry of the list that is no longer needed
    L2   tenant_id may be null
    L3   row-level security not enabled and forced
    L4   no policy, or one whose text, roles or verb is not that of tenancy.rls
    L5   a unique index without tenant_id: its error tells of other counties' rows (the generated number excepted)
    L6   a foreign key to a tenant table without the composite key beside it; a reference without any key
    L7   a view that a serving role reads with its owner's rights
    L8   a materialised view that a serving role may read
    L9   a function that runs with its owner's rights and is not listed, or has no fixed search_path
    L10  a serving role that is superuser, passes policies, owns something or is a member of another role
    L11  TRUNCATE, REFERENCES, TRIGGER, MAINTAIN or a sequence granted to a serving role
    L12  CREATE or TEMPORARY granted to a serving role
    L13  an index that does not lead with tenant_id: a policy is checked row by row after it
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tenancy.rls import DISPATCHED, LOOKED_UP, POLICY, PUBLISHED, SUBJECTS

OWNER = "pair_owner"
SERVING = ("pair_app", "pair_dispatch", "pair_pref", "pair_login")
SQL = (Path(__file__).resolve().parent / "sql/lint.sql").read_text(encoding="utf-8")
# tenancy.rls.CONDITION as the catalogue prints it; a test holds the two together.
CANONICAL = "(tenant_id = ( SELECT app.tenant() AS tenant))"

# Tables that belong to no county, and why that is right. Each entry was looked at; a new one needs the same.
GLOBAL: dict[str, str] = {
    "tenancy_tenant": "the directory of counties itself: names and address names",
    "tenancy_division": "province, prefecture and county codes, which are public",
    "tenancy_account": "login names only; who a person is stands in the county's own tables",
    "tenancy_credential": "password hashes; no serving role but pair_login reads it",
    "tenancy_session": "sessions of accounts, found by an unguessable key before any county is known",
    "tenancy_platformevent": "what the operator did on the platform; no county's data",
    "tenancy_platformfeedback": "complaints about the software itself, for the operator; written to be read outside the county",
    "reports_prefecturereader": "which account reads which prefecture's published sums; no county's data",
    "tenancy_ratecount": "counts under hashed keys, needed before any county is known",
    "tenancy_heartbeat": "when each process last did its round",
    "activities_period": "weeks, months, quarters, half-years and years: the same calendar for everybody",
    "axes_accessattempt": "wrong passwords by login name and address, counted before any county is known",
    "axes_accessattemptexpiration": "when such a count ends",
    "axes_accessfailurelog": "sign-in failures, for the operator's security only",
    "axes_accesslog": "sign-ins, for the operator's security only",
    "account_emailaddress": "allauth's; empty: accounts have no e-mail address here",
    "account_emailconfirmation": "allauth's; empty, as above",
    "mfa_authenticator": "second factors belong to the account",
    "auth_group": "Django's; empty and unreadable: rights come from tenancy.policy",
    "auth_group_permissions": "Django's; empty and unreadable, as above",
    "auth_permission": "Django's; unreadable, as above",
    "django_content_type": "names of models",
    "django_migrations": "names of migrations",
    "django_session": "Django's own session table; empty and unreadable: ours is tenancy_session",
    "pghistory_context": "empty and unreadable: versions carry their context in the row",
    "app.signing_key": "keys that sign the tenant; only app.tenant() reads it",
}

# Functions that run with their owner's rights and that a serving role may call, and what each gives away.
DEFINERS: dict[str, str] = {
    "app.tenant()": "the tenant of a validly signed token",
    "app.prefecture()": "the prefecture of a validly signed token",
    "app.prefecture_sums()": "what the counties of that prefecture published, groups under five without their numbers",
    "app.login_lookup(text)": "hash of one account by its login name, to check a password",
    "app.credential_set(bigint, text)": "writes one account's hash",
    "app.session_lookup(bigint, bigint)": "an account's live grants: county, role and scope, no personal data",
    "app.audit_append(bigint, text, text, text, text, text, uuid, text, jsonb)": "adds to the chain of the county in scope",
    "app.take_statistics()": "nothing: counts for the planner, who alone reads them",
}

# Columns of tenant tables that name a row by number without a foreign key, and why they may.
UNKEYED: dict[str, str] = {
    "units_importchange.object_id": "names a row of the table in `model`; undoing looks it up under the policy",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One hole: which rule, in what, and what is wrong."""

    rule: str
    object: str
    problem: str

    def __str__(self) -> str:
        return f"{self.rule} {self.object}: {self.problem}"


def _parameters() -> dict[str, Any]:
    subjects = ", ".join(sorted(SUBJECTS.split(", ")))
    known = [("*", POLICY, "ALL", subjects, CANONICAL, CANONICAL)]
    known += [(table, "dispatch", "ALL", "pair_dispatch", "true", "true") for table in DISPATCHED]
    known += [(table, "login_lookup", "SELECT", "pair_login", "true", "") for table in LOOKED_UP]
    known += [(table, "prefecture", "SELECT", "pair_login", "true", "") for table in PUBLISHED]
    names = ("tables", "names", "verbs", "subjects", "quals", "checks")
    columns = {f"policy_{name}": list(column) for name, column in zip(names, zip(*known, strict=True), strict=True)}
    return {
        **columns,
        "globals": list(GLOBAL),
        "definers": list(DEFINERS),
        "unkeyed": list(UNKEYED),
        "serving": list(SERVING),
        "owner": OWNER,
    }


def findings(cursor: Any) -> list[Finding]:
    """Every hole in the database that ``cursor`` is connected to; an empty list when the walls stand."""
    cursor.execute(SQL, _parameters())
    return [Finding(*row) for row in cursor.fetchall()]
