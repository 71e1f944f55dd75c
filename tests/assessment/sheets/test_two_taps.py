"""Two taps from any figure of a score sheet to its records: the figure opens why, and why leads to each record."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.urls import reverse

from assessment.queries.refs import Ref
from assessment.queries.sheets import explained
from assessment.views.sheets import _sheet
from tenancy.scope import tenant_scope
from tests.assessment.sheets.conftest import Assessed

pytestmark = pytest.mark.django_db
_LINK = re.compile(r'href="([^"]+)"')


def links_of(page: bytes) -> set[str]:
    return {unescape(url) for url in _LINK.findall(page.decode())}


def test_every_figure_opens_why_and_why_leads_to_everything_counted(county: Assessed) -> None:
    client = county.client("CS")
    page = links_of(client.get(county.url()).content)
    with tenant_scope(county.tenant):
        row = county.cycle.assessed.select_related("pairing", "unit", "village").get(pairing=county.pairing)
        sheet = _sheet(county.cycle, row)
        assert sheet is not None
        lines = explained(sheet)
    opened: set[str] = set()
    for line in lines:
        url = county.url(f"sheet/lines/{line.line.code}/")
        assert url in page, "each line's figures are links"
        why = links_of(client.get(url, headers={"HX-Request": "true", "HX-Target": "why"}).content)
        refs = [ref for ref in (*line.counted, *line.not_counted) if ref.uid]
        assert {address(county, ref) for ref in refs} <= why, line.line.code
        # Of many alike a few are opened.
        opened |= {address(county, ref) for ref in refs[:2]}
    assert any("/records/" in url for url in opened)
    assert len(opened) > 20
    for url in opened:
        assert client.get(url).status_code == 200, url


def address(county: Assessed, ref: Ref) -> str:
    assert ref.uid is not None
    return reverse(ref.url_name, args=[county.tenant.slug, ref.uid])
