"""Row-level security and composite keys of this app's tables."""

from django.db import migrations

from tenancy.rls import protect


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_initial"), ("units", "0002_walls")]

    operations = [
        protect("notices_outboxmessage", {"person_id": "units_person"}),
        protect(
            "notices_notice",
            {
                "outbox_id": "notices_outboxmessage",
                "person_id": "units_person",
                "in_digest_id": "notices_notice",
            },
        ),
    ]
