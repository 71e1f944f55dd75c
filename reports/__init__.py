"""Boards, reports that go out, the roll-up of a prefecture (ui.md)."""
