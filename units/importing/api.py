"""The API's addresses for imports: send a file, see its rows, answer, commit, undo."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import exceptions, parsers, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from lib.sheets.refusals import SheetRefused
from tenancy.access import Access, RoutePolicy
from tenancy.api import CursorPages
from tenancy.api_schema import Problem
from units.importing import actions, queries, registry, storage
from units.importing.actions import FileRefused, ImportRefused
from units.importing.rows import row_for_programs
from units.importing.views import waited_for
from units.models import ImportBatch, ImportRow

READ_AND_SEND = RoutePolicy("members", "import", (("GET", "I"), ("POST", "I")))
READ = RoutePolicy("members", "import", (("GET", "I"),))
DO = RoutePolicy("members", "import", (("POST", "I"),))
LONG_WAIT = 10.0
FIRST_ROWS = 1000
MOST_ROWS = 1000
STATES = [(state.value, state.value) for state in ImportBatch.State]


class ImportSummary(serializers.Serializer):
    """How many rows are ok, in question or wrong; and what the ok ones would do."""

    ok = serializers.IntegerField()
    question = serializers.IntegerField()
    error = serializers.IntegerField()
    add = serializers.IntegerField(required=False)
    change = serializers.IntegerField(required=False)
    same = serializers.IntegerField(required=False)
    added = serializers.IntegerField(required=False)
    changed = serializers.IntegerField(required=False)
    information = serializers.ListField(child=serializers.CharField(), required=False)


class ImportShape(serializers.Serializer):
    """One import."""

    id = serializers.UUIDField()
    kind = serializers.CharField()
    state = serializers.ChoiceField(choices=STATES)
    file = serializers.CharField()
    problem = serializers.CharField(allow_blank=True)
    created_at = serializers.DateTimeField()
    summary = ImportSummary(required=False)


class ImportRowShape(serializers.Serializer):
    """One row: place, status and reason, then the ledger's values, flat, each under its own name."""

    sheet = serializers.CharField()
    row = serializers.IntegerField()
    status = serializers.ChoiceField(choices=[(status.value, status.value) for status in ImportRow.Status])
    reason = serializers.CharField(allow_blank=True)
    effect = serializers.CharField(allow_blank=True)
    remarks = serializers.ListField(child=serializers.CharField())
    questions = serializers.ListField(child=serializers.DictField())


class ImportWithRows(ImportShape):
    """One import and a page of its rows; ``next`` is the cursor of the following page."""

    rows = ImportRowShape(many=True)
    next = serializers.CharField(allow_null=True)


class ImportUpload(serializers.Serializer):
    """A file and the ledger it is."""

    kind = serializers.CharField(max_length=60, help_text=gettext_lazy("units, pairings, or the ledger's Chinese name."))
    file = serializers.FileField(allow_empty_file=True, max_length=255)
    programme = serializers.CharField(
        max_length=60, required=False, help_text=gettext_lazy("For pairings: the id of a programme, or its year.")
    )
    cycle = serializers.CharField(
        max_length=60, required=False, help_text=gettext_lazy("For polls and vetoes: the id of the assessment that rows are of.")
    )
    reason = serializers.CharField(
        max_length=200,
        required=False,
        help_text=gettext_lazy("For facts of an assessment whose scores are computed: why so late."),
    )


class ImportAnswerShape(serializers.Serializer):
    """An answer to a question; ``question`` is the ``key`` that a row's question carries."""

    question = serializers.ListField(child=serializers.CharField(allow_blank=True, max_length=1000), min_length=3, max_length=3)
    answer = serializers.CharField(allow_blank=True, max_length=200)


def _refusal(problem: Any, status: int) -> Response:
    return Response({"code": problem.code, "message": problem.message}, status=status)


def _status_of(problem: ImportRefused) -> int:
    return 422 if isinstance(problem, FileRefused) or problem.code in ("bad_answer", "nothing_ok") else 409


def shape(batch: ImportBatch) -> dict[str, Any]:
    """An import as JSON."""
    return {
        "id": str(batch.uid),
        "kind": batch.kind,
        "state": batch.state,
        "file": batch.file_name,
        "problem": batch.problem,
        "created_at": batch.created_at,
        "summary": batch.summary,
    }


def with_rows(batch: ImportBatch, limit: int = FIRST_ROWS, after: ImportRow | None = None) -> dict[str, Any]:
    """An import with a page of its rows, in the order of the file."""
    found = queries.rows_of(batch)
    if after is not None:
        found = found.filter(pk__gt=after.pk)
    rows = list(found[: limit + 1])
    # Whoever checks a file gets it as it was sent; afterwards telephones are masked as in every list.
    masked = batch.state != ImportBatch.State.PREVIEW
    more = rows[limit - 1] if len(rows) > limit else None
    return {**shape(batch), "rows": [_row(row, masked=masked) for row in rows[:limit]], "next": str(more.uid) if more else None}


def _row(row: ImportRow, *, masked: bool) -> dict[str, Any]:
    told = row_for_programs(
        sheet=row.sheet,
        row=row.row,
        status=row.status,
        values=row.values,
        problems=row.problems,
        effect=row.effect,
        masked=masked,
    )
    names = ("key", "message", "column", "choices", "answer_type")
    asked = [{name: problem[name] for name in names} for problem in row.problems if problem["level"] == "question"]
    return told | {"questions": asked}


class _Imports(APIView):
    """What all of them share: who asks, and which import is meant."""

    @property
    def access(self) -> Access:
        return self.request._request.access  # type: ignore[attr-defined, no-any-return]

    def batch(self, id: UUID) -> ImportBatch:
        """The import; 404 for any that the person may not see."""
        found = queries.visible_batches(self.access).filter(uid=id).first()
        kind = registry.kinds_by_code().get(found.kind) if found is not None else None
        if found is None or (kind is not None and not registry.may_import(self.access, kind)):
            raise Http404
        return found


class _BatchPages(CursorPages):
    ordering = ("-created_at", "uid")


class ImportList(_Imports):
    """Imports of the county, newest first; a new one."""

    route_policy = READ_AND_SEND
    # For the API's description; an APIView pages by itself.
    pagination_class = _BatchPages
    parser_classes = (parsers.MultiPartParser, parsers.FormParser, parsers.JSONParser)

    @extend_schema(operation_id="imports_list", responses=ImportShape(many=True))
    def get(self, request: Request, tenant: str) -> Response:
        pages = _BatchPages()
        found = pages.paginate_queryset(queries.visible_batches(self.access), request, view=self)
        return pages.get_paginated_response([shape(batch) for batch in found or []])

    @extend_schema(
        operation_id="imports_create",
        request={"multipart/form-data": ImportUpload},
        responses={
            201: ImportWithRows,
            422: OpenApiResponse(Problem, gettext_lazy("The file cannot be read as this ledger.")),
            507: OpenApiResponse(Problem, gettext_lazy("The disk is full.")),
        },
    )
    def post(self, request: Request, tenant: str) -> Response:
        """Read a file. Small ones are answered with their rows; of large ones ask again by the id."""
        given = ImportUpload(data=request.data)
        given.is_valid(raise_exception=True)
        kind = registry.find(given.validated_data["kind"])
        if kind is None:
            known = "、".join(f"{one.label} {one.code}" for one in registry.open_kinds(self.access))
            raise exceptions.ValidationError({"kind": [_("There is no such ledger. Known are: %(known)s.") % {"known": known}]})
        if not registry.may_import(self.access, kind):
            raise PermissionDenied
        try:
            options = kind.options({name: given.validated_data.get(name, "") for name in ("programme", "cycle", "reason")})
        except ValidationError as problem:
            raise exceptions.ValidationError(problem.message_dict) from problem
        upload = given.validated_data["file"]
        try:
            batch = actions.begin_import(
                kind=kind, file_name=upload.name or "", chunks=upload.chunks(), options=options, actor=self.access.actor
            )
        except SheetRefused as refusal:
            return _refusal(refusal, 422)
        except ImportRefused as refusal:
            return _refusal(refusal, _status_of(refusal))
        except storage.StorageFull as full:
            return Response({"code": "storage_full", "message": str(full)}, status=507)
        return Response(with_rows(batch), status=201)


class ImportDetail(_Imports):
    """One import and its rows."""

    route_policy = READ

    @extend_schema(
        operation_id="imports_retrieve",
        responses=ImportWithRows,
        parameters=[
            OpenApiParameter("cursor", OpenApiTypes.UUID, description=gettext_lazy("“next” of the page before.")),
            OpenApiParameter(
                "limit", OpenApiTypes.INT, description=gettext_lazy("Rows on a page, from 1 to 1000; 200 unless told.")
            ),
        ],
    )
    def get(self, request: Request, tenant: str, id: UUID) -> Response:
        """Waits up to ten seconds for an import that is being read or written."""
        asked = _PageQuery(data=request.query_params)
        asked.is_valid(raise_exception=True)
        batch = waited_for(self.batch(id), LONG_WAIT)
        after = None
        if cursor := asked.validated_data.get("cursor"):
            after = queries.rows_of(batch).filter(uid=cursor).first()
            if after is None:
                raise exceptions.ValidationError({"cursor": [_("This cursor is not from this list. Start again without one.")]})
        return Response(with_rows(batch, asked.validated_data["limit"], after))


class _PageQuery(serializers.Serializer):
    cursor = serializers.UUIDField(required=False)
    limit = serializers.IntegerField(min_value=1, max_value=MOST_ROWS, default=200)


_REFUSED = {
    409: OpenApiResponse(Problem, gettext_lazy("The import is in another state, or something is in the way.")),
    422: OpenApiResponse(Problem, gettext_lazy("There is nothing to import yet, or the answer does not fit.")),
}


class ImportCommit(_Imports):
    """Write the rows that are ok, in one transaction."""

    route_policy = DO

    @extend_schema(operation_id="imports_commit", request=None, responses={200: ImportShape, **_REFUSED})
    def post(self, request: Request, tenant: str, id: UUID) -> Response:
        """Rows in question or wrong are left. A second commit does nothing and answers alike."""
        batch = self.batch(id)
        try:
            actions.commit_import(batch=batch, actor=self.access.actor)
        except ImportRefused as refusal:
            return _refusal(refusal, _status_of(refusal))
        return Response(_after(batch))


class ImportUndo(_Imports):
    """Take a committed import back."""

    route_policy = DO

    @extend_schema(operation_id="imports_undo", request=None, responses={200: ImportShape, **_REFUSED})
    def post(self, request: Request, tenant: str, id: UUID) -> Response:
        """Refused, naming what is in the way, when something else uses what it added or was changed since."""
        batch = self.batch(id)
        try:
            actions.undo_import(batch=batch, actor=self.access.actor)
        except ImportRefused as refusal:
            return _refusal(refusal, _status_of(refusal))
        return Response(_after(batch))


class ImportDrop(_Imports):
    """Give a preview up."""

    route_policy = DO

    @extend_schema(operation_id="imports_drop", request=None, responses={200: ImportShape, **_REFUSED})
    def post(self, request: Request, tenant: str, id: UUID) -> Response:
        """Nothing of it was written."""
        batch = self.batch(id)
        try:
            actions.drop_import(batch=batch, actor=self.access.actor, now=timezone.now())
        except ImportRefused as refusal:
            return _refusal(refusal, _status_of(refusal))
        return Response(_after(batch))


class ImportAnswers(_Imports):
    """Answer a question."""

    route_policy = DO

    @extend_schema(operation_id="imports_answer", request=ImportAnswerShape, responses={200: ImportWithRows, **_REFUSED})
    def post(self, request: Request, tenant: str, id: UUID) -> Response:
        """Every row that asks the same is judged anew; answers about words are remembered for later files."""
        given = ImportAnswerShape(data=request.data)
        given.is_valid(raise_exception=True)
        batch = self.batch(id)
        try:
            actions.answer_question(
                batch=batch,
                key=given.validated_data["question"],
                answer=given.validated_data["answer"],
                actor=self.access.actor,
            )
        except ImportRefused as refusal:
            return _refusal(refusal, _status_of(refusal))
        return Response(with_rows(batch))


def _after(batch: ImportBatch) -> dict[str, Any]:
    batch.refresh_from_db()
    return shape(batch)


__all__ = ["ImportAnswers", "ImportCommit", "ImportDetail", "ImportDrop", "ImportList", "ImportUndo"]
