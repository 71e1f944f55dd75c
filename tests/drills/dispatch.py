"""``manage.py dispatch`` as the drills run it: slow and at any hour (tests/drills/app.py)."""

from __future__ import annotations

import django
from django.core.management import call_command

if __name__ == "__main__":
    django.setup()
    from tests.drills.app import make_slow_and_open

    make_slow_and_open()
    call_command("dispatch")
