"""A test over many things tells each that fails by its name, whatever way it fails, and goes on to the next."""

from __future__ import annotations

import inspect

import pytest
from django.db import connection

from tests.isolation.each import for_each
from tests.world import World


def test_all_that_fail_are_told_by_name() -> None:
    seen = []

    @for_each("number", [1, 2, 3, 4], named="no. {}".format)
    def check(number: int) -> None:
        seen.append(number)
        assert number != 2, "it is two"
        if number == 3:
            with pytest.raises(ValueError):
                pass
        if number == 4:
            raise KeyError(number)

    with pytest.raises(AssertionError) as told:
        check()

    assert seen == [1, 2, 3, 4]
    lines = str(told.value)
    assert "no. 1" not in lines
    assert all(f"no. {number}: " in lines for number in (2, 3, 4))
    assert "it is two" in lines


def test_nothing_to_look_at_is_a_failure() -> None:
    @for_each("number", [])
    def check(number: int) -> None: ...

    with pytest.raises(AssertionError):
        check()


def test_what_one_writes_or_breaks_the_next_does_not_find(world: World, db: None) -> None:
    @for_each("number", [1, 2])
    def check(world: World, number: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('app.tried', 'x', true)")
            cursor.execute("SELECT 1/0")

    with pytest.raises(AssertionError) as told:
        check(world=world)

    assert str(told.value).count("division by zero") == 2
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('app.tried', true), '')")
        assert cursor.fetchone() == ("",)
    assert list(inspect.signature(check).parameters) == ["world"]
