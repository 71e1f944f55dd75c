"""What the API tells of a message, and what it takes as its answer."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from notices import words
from notices.actions import LONGEST_ANSWER
from notices.models import Notice


class NoticeOut(serializers.Serializer):
    """One message to the asking account's person."""

    id = serializers.UUIDField(source="uid", read_only=True, help_text=_("Public id; never changes."))
    kind = serializers.CharField()
    level = serializers.IntegerField(allow_null=True, help_text=_("0 due soon, 1 overdue; null: no reminder."))
    pairing = serializers.UUIDField(source="pairing_uid", allow_null=True)
    subject = serializers.UUIDField(
        source="subject_uid", allow_null=True, help_text=_("What it is about, for instance a record.")
    )
    rule = serializers.CharField(allow_blank=True, help_text=_("Code of the rule."))
    period = serializers.CharField(allow_blank=True, help_text=_("2024-W41, 2024-10, 2024-Q4, 2024-H2 or 2024."))
    title = serializers.SerializerMethodField()
    lines = serializers.SerializerMethodField()
    next_step = serializers.SerializerMethodField()
    in_digest = serializers.UUIDField(source="in_digest_uid", allow_null=True, help_text=_("The digest that holds it."))
    sent_at = serializers.DateTimeField()
    due_on = serializers.DateField(allow_null=True)
    read_at = serializers.DateTimeField(allow_null=True)
    answered_at = serializers.DateTimeField(allow_null=True)
    answer = serializers.CharField(allow_blank=True)
    promise_on = serializers.DateField(allow_null=True)

    def _words(self, notice: Notice) -> words.Words:
        return words.words_of(notice, self.context["slug"])

    def get_title(self, notice: Any) -> str:
        return self._words(notice).title

    def get_lines(self, notice: Any) -> list[str]:
        return list(self._words(notice).lines)

    def get_next_step(self, notice: Any) -> str:
        return self._words(notice).next_step


class AnswerIn(serializers.Serializer):
    """Seen, and what comes of it: a word, a day, or both."""

    text = serializers.CharField(max_length=LONGEST_ANSWER, required=False, allow_blank=True, default="")
    promise_on = serializers.DateField(required=False, allow_null=True, default=None)
