"""The how-to is true: its blocks are run, and the book they declare lists, saves, imports and exports."""

import re
import types
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import isolate_apps

from tramyte.engine.registers import checks, loading, output, registry, staging

PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "add-a-register.md"


def declared():
    """The register of the page, its blocks run as one module."""
    module = types.ModuleType("tramyte.station.techniques.newcomer")
    for block in re.findall(r"```python \w+\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S):
        exec(compile(block, str(PAGE), "exec"), module.__dict__)
    [register] = registry.declared(module)
    return register


@pytest.mark.django_db(transaction=True)
@isolate_apps("tramyte.station.techniques")
def test_the_example_of_the_page_works(cast, monkeypatch, client):
    register = declared()
    assert list(checks.faults(register)) == []
    monkeypatch.setattr(registry, "_FOUND", [*registry.registers(), register])
    with connection.schema_editor() as editor:
        editor.create_model(register.model)
    try:
        _use(register, cast, client)
    finally:
        with connection.schema_editor() as editor:
            editor.delete_model(register.model)


def _use(register, cast, client):
    client.force_login(cast.director, backend="django.contrib.auth.backends.ModelBackend")
    load = staging.stage(register, cast.director, "mau.xlsx", output.template_bytes(register))
    loading.apply(register, cast.director, load)
    assert staging.summary(load)["created"] == 1
    typed = {path: text for path, text in register.example.items() if "." not in path}
    assert client.post("/so/waste/moi/", typed | {"on": "01/06/2026"}).status_code == 302
    assert client.post("/so/waste/moi/", typed | {"on": "04/06/2026"}).status_code == 422
    page = client.get("/so/waste/", {"kind": "infectious", "q": "benh vien"}).content.decode()
    assert "01/06/2026" in page and "02/06/2026" in page
    assert client.get("/so/waste/", {"as": "json", "period": "2026-06"}).json()["count"] == 2
    _print(client)
    _give_many(register, client)


def _print(client):
    """On the sheet that is declared, with the sums and who signs."""
    import pypdfium2

    document = pypdfium2.PdfDocument(client.get("/so/waste/", {"as": "pdf", "period": "2026-Q2"}).content)
    size, text = tuple(round(side) for side in document[0].get_size()), " ".join(document[0].get_textpage().get_text_range().split())
    document.close()
    assert size == (595, 420) and "Cộng trang" in text and "Lũy kế" in text and "3,0" in text and "Người cân" in text and "Quý II năm 2026" in text


def _give_many(register, client):
    """One value for all ticked rows, and back."""
    client.post("/so/waste/chon/", {"do": "all"})
    there = client.post("/so/waste/sua-nhieu/", {"field": "receiver", "value": "Trạm khác"}).headers["Location"]
    client.post(there, {"do": "apply"})
    assert set(register.model.objects.values_list("receiver", flat=True)) == {"Trạm khác"}
    client.post(there, {"do": "undo"})
    assert set(register.model.objects.values_list("receiver", flat=True)) == {"Bệnh viện khu vực"}
