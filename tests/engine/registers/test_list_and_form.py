"""List, form, conflict, history of a register, through the pages."""

import pytest

from tramyte.care.checkups.models import Checkup

URL = "/so/checkups/"
TYPED = {"person": "037056000123", "on": "05/03/2026", "kind": "periodic", "health_class": "2", "weight_kg": "52,5", "systolic": "130", "diastolic": "80"}


@pytest.fixture
def nurse(enter, person):
    return enter("nurse")


def test_a_form_is_saved_listed_changed_and_remembered(nurse):
    assert nurse.get(URL).status_code == 200
    assert nurse.get(f"{URL}moi/").status_code == 200
    done = nurse.post(f"{URL}moi/", TYPED)
    assert done.status_code == 302, done.content.decode()
    row = Checkup.objects.get()
    assert row.on.isoformat() == "2026-03-05" and str(row.weight_kg) == "52.5" and row.age_days > 25000
    page = nurse.get(URL).content.decode()
    assert "Nguyễn Thị Mận" in page and "05/03/2026" in page
    form = nurse.get(f"{URL}{row.pk}/").content.decode()
    assert "037056000123" in form and "52,5" in form
    assert nurse.post(f"{URL}{row.pk}/", {**TYPED, "weight_kg": "53", "seen_version": "1"}).status_code == 302
    history = nurse.get(f"{URL}{row.pk}/lich-su/").content.decode()
    assert "52,5" in history and "53" in history and "Lê Thị Lan" in history
    conflict = nurse.post(f"{URL}{row.pk}/", {**TYPED, "weight_kg": "60", "seen_version": "1"})
    assert conflict.status_code == 409 and "60" in conflict.content.decode() and "53" in conflict.content.decode()
