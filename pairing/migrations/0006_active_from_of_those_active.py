"""Since when the pairings that are active, or once were, count as active: from their first day.

County by county: the wall shows no rows to a session that names no county. Twice is once.
"""

from typing import Any

from django.db import migrations

from tenancy.scope import tenant_token

_FILL = """
    UPDATE pairing_pairing p SET active_from = p.starts_on
     WHERE p.tenant_id = %s AND p.active_from IS NULL
       AND (p.state IN ('active', 'suspended')
            OR EXISTS (SELECT 1 FROM pairing_pairingversion v
                        WHERE v.tenant_id = p.tenant_id AND v.pgh_obj_id = p.id AND v.state = 'active'))
"""


def fill(apps: Any, schema_editor: Any) -> None:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT id FROM tenancy_tenant ORDER BY id")
        for (tenant_id,) in cursor.fetchall():
            cursor.execute("SELECT set_config('app.tenant', %s, true)", [tenant_token(tenant_id)])
            cursor.execute(_FILL, [tenant_id])
        cursor.execute("SELECT set_config('app.tenant', '', true)")


class Migration(migrations.Migration):
    dependencies = [("pairing", "0005_walls_of_lifecycle")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
