"""What every book keeps that only shows what is written elsewhere: found by registry, counted, exported, printed, never written, denied."""

import csv

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tramyte.care.people.models import DuplicatePair, Person
from tramyte.engine.access.models import User
from tramyte.engine.audit import chain, origin
from tramyte.engine.registers import checks, conditions, registry
from tramyte.engine.registers.narrowing import choices

OF_PEOPLE = {"director", "clinician", "nurse", "village_worker"}
OF_VACCINES = OF_PEOPLE - {"village_worker"}
READERS = {
    "excursions": OF_VACCINES, "vaccination-diary": OF_VACCINES, "vaccination-sessions": OF_VACCINES,
    "users": {"director", "admin"}, "audit": {"director", "admin"}, "duplicate-pairs": OF_PEOPLE, "immunization-children": OF_PEOPLE, "immunization-others": OF_PEOPLE,
    "immunization-women": OF_PEOPLE, "immunizations-national": OF_PEOPLE}
LINES = {"immunizations-national": 2}  # of each who has one, where it is not one
WIDE = {"immunization-children", "immunizations-national"}  # on paper they go on in a second part, as the books of the circular do
FOREIGN = "Kha Thị Xa"
BOOKS = [register.slug for register in registry.books() if register.read_only]


@pytest.fixture(params=BOOKS)
def shown(request, cast):
    """A read-only book with some lines of the own commune and one of the neighbour."""
    people = {place.name: [Person.objects.create(full_name=f"Bùi Thị {letter}", birth_date="1960-01-02", sex="F", hamlet=place) for letter in "ABCD"] for place in cast.hamlets}
    for one, other in (two for group in people.values() for two in (group[:2], group[2:])):
        DuplicatePair.objects.create(one=one, other=other, score=0.9, evidence=["cùng tên", "cùng ngày sinh"])
    far = Person.objects.create(full_name=FOREIGN, birth_date="1960-01-02", sex="F", hamlet=cast.other_hamlet)
    DuplicatePair.objects.create(one=far, other=Person.objects.create(full_name=FOREIGN, birth_date="1960-01-02", sex="F", hamlet=cast.other_hamlet), score=0.9)
    DuplicatePair.objects.create(one=people["Thôn Đông Hạ"][0], other=far, score=0.8)
    for hamlet, names in ((cast.hamlets[0], ("Bùi Thị Ba", "Bùi Thị Tư")), (cast.other_hamlet, (FOREIGN,))):
        _doses(hamlet, names)
    _excursions(cast)
    _sessions(cast)
    User.objects.filter(pk=cast.stranger.pk).update(full_name=FOREIGN)
    with origin.through("page", "192.0.2.7"):
        for name in ("nurse", "director"):
            chain.record(by=cast.users[name], action="record_checkup", model="checkups.checkup", note=f"về {FOREIGN}")
    chain.record(by=cast.stranger, action="export_csv", model="people.person", note=FOREIGN)
    return registry.get(request.param)


def _doses(hamlet, names):
    """A child and a woman of each name, each with a dose; the child's is one of book A2.2 too."""
    from tramyte.care.immunization.catalogue import install, vaccine_id
    from tramyte.care.immunization.models import Immunization

    install()
    for name in names:
        for born, code, on, days in (("2024-01-02", "JE", "2025-02-03", 398), ("1990-01-02", "UV", "2025-02-03", 12_816)):
            person = Person.objects.create(full_name=name, birth_date=born, sex="F", hamlet=hamlet)
            Immunization.objects.create(person=person, vaccine_id=vaccine_id(code), on=on, source="import", age_days=days)


def _excursions(cast):
    """Two times out of range at the own station, one at the neighbour's."""
    from tramyte.engine.places.models import Facility
    from tramyte.station.cold_chain.models import Excursion, StorageEquipment

    far = Facility.objects.create(place=cast.other_commune, kind="station", code="37002", name=FOREIGN, valid_from="2025-07-01")
    for station, days in ((cast.station, ("2026-05-01", "2026-05-04")), (far, ("2026-05-01",))):
        fridge = StorageEquipment.objects.create(facility=station, code="TL-01", name="Tủ lạnh" if station == cast.station else FOREIGN, kind="fridge", in_use_from="2025-07-01")
        for day in days:
            Excursion.objects.create(equipment=fridge, on=day, part="am", celsius=9, action="đóng lại cửa tủ", vaccines="kept", acted_on=day)


def _sessions(cast):
    """Two sessions of the own commune with a lot each, one of the neighbour's."""
    from tramyte.care.immunization.catalogue import vaccine_id
    from tramyte.care.immunization.models import VaccineLot, VaccineProduct
    from tramyte.care.vaccination.models import Attendee, Session, SessionLot
    from tramyte.engine.places.models import Facility

    for station, commune, days, words in ((cast.station, cast.commune, ("2026-04-05", "2026-05-05"), "Trạm"), (Facility.objects.get(code="37002"), cast.other_commune, ("2026-05-05",), FOREIGN)):
        product = VaccineProduct.objects.create(vaccine_id=vaccine_id("JE"), name=words, doses_per_vial=5, open_hours=6)
        lot = VaccineLot.objects.create(product=product, facility=station, number="J01", expires_on="2027-01-01")
        for day in days:
            session = Session.objects.create(place=commune, facility=station, site=words, on=day, state=Session.CLOSED, injector="Lan", staff=3)
            Attendee.objects.create(session=session, person=Person.objects.filter(hamlet__parent=commune).first(), number=1, outcome="deferred", why="sốt 38,2 °C")
            SessionLot.objects.create(session=session, lot=lot, received=10, used=5, wasted=2)


def url(register):
    return f"/so/{register.slug}/"


def test_the_declaration_is_sound(shown):
    assert list(checks.faults(shown)) == [] and READERS.keys() == set(BOOKS)


def test_the_number_shown_is_the_number_everywhere(shown, cast, reads):
    director = reads("director")
    queries = [{}, *({choice.name: value} for choice in choices(shown, cast.director, {}) for value, _ in choice.options[:3])]
    queries += [{f"{each.column.path}__is": "filled"} for each in conditions.conditions(shown.all_columns, {})]
    queries += [{"sort": f"-{column.path}"} for column in shown.all_columns]
    for query in queries:
        page = director.get(url(shown), query)
        answer = director.get(url(shown), query | {"as": "json", "size": "500"}).json()
        lines = list(csv.reader(director.get(url(shown), query | {"as": "csv"}).content.decode("utf-8-sig").splitlines()))
        noted = 2 if shown.slug == "audit" else 0  # each output is itself a line of the audit
        assert answer["count"] == len(answer["rows"]) and 0 <= answer["count"] - page.context["total"] <= noted, query
        assert 0 <= len(lines) - 1 - page.context["total"] <= noted, query
        assert FOREIGN not in str(answer["rows"]) + page.content.decode(), query


def test_it_is_printed_and_fits_its_sheet(shown, enter):
    import pypdfium2

    document = pypdfium2.PdfDocument(enter("director").get(url(shown), {"as": "pdf"}).content)
    text = "".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    assert ("Phần 2" not in text or shown.slug in WIDE) and (shown.paper_title or shown.title).upper()[:30] in text and FOREIGN not in text


def test_nobody_writes_in_it(shown, cast, enter):
    director = enter("director")
    row = shown.rows(cast.director, {}).first()
    before = shown.rows(cast.director, {}).count()
    for address in ("moi/", "nhap/", "sua-nhieu/", f"{row.pk}/", f"{row.pk}/ghi-nham/", "goi-y/username/"):
        assert director.post(url(shown) + address, {"q": "an"}).status_code in {403, 404, 405}, address
    assert shown.rows(cast.director, {}).count() == before
    page = director.get(url(shown)).content.decode()
    assert "Thêm" not in page.split('class="toolbar"')[0].split("t-head")[1] and "Nhập" not in page.split('class="toolbar"')[0].split("t-head")[1]
    assert ('name="row"' in page) == shown.facts == ("lich-su" in page)
    assert director.get(f"{url(shown)}{row.pk}/lich-su/").status_code == (200 if shown.facts else 404)
    assert director.post(f"{url(shown)}chon/", {"do": "all"}).status_code == (302 if shown.facts else 404)


@pytest.mark.parametrize("name", ["director", "clinician", "nurse", "village_worker", "officer", "chairman", "unit", "supervisor", "admin", "stranger"])
def test_it_is_denied_unless_granted_and_tells_of_no_foreign_place(shown, cast, reads, name):
    client, allowed = reads(name), name in READERS[shown.slug] or (name == "stranger" and READERS[shown.slug] in (OF_PEOPLE, OF_VACCINES))
    for query in ({}, {"as": "json"}, {"as": "csv"}, {"as": "xlsx"}, {"as": "pdf"}):
        answer = client.get(url(shown), query)
        assert answer.status_code == (200 if allowed else 403), query
    if name == "stranger" and allowed:
        assert client.get(url(shown), {"as": "json"}).json()["count"] == LINES.get(shown.slug, 1)
    if name == "village_worker" and allowed:
        assert client.get(url(shown), {"as": "json"}).json()["count"] == 2 * LINES.get(shown.slug, 1)


def test_a_list_costs_the_same_at_few_and_at_many_rows(shown, cast, enter):
    director = enter("director")
    director.get(url(shown))
    with CaptureQueriesContext(connection) as few:
        director.get(url(shown))
    for n in range(12):
        chain.record(by=cast.nurse, action="record_checkup", model="checkups.checkup")
        one, other = (Person.objects.create(full_name=f"Lê Văn {letter}", birth_date=f"19{60 + n}-01-02", sex="M", hamlet=cast.hamlet) for letter in "XY")
        DuplicatePair.objects.create(one=one, other=other, score=0.5)
        user = User.objects.create(username=f"nguoi{n}", full_name=f"Người {n}")
        user.assignments.create(role="nurse", place=cast.hamlet, valid_from="2026-01-01")
    with CaptureQueriesContext(connection) as many:
        director.get(url(shown))
    assert len(many) <= len(few) + 1 and len(many) <= 24, [query["sql"][:120] for query in many]


def test_the_audit_tells_who_when_from_where_and_never_the_content(cast, enter):
    with origin.through("phone", "192.0.2.9"):
        chain.record(by=cast.nurse, action="view", model="people.person", note="Nguyễn Thị Mận")
    page = enter("admin").get("/so/audit/", {"deed": "looks", "period": "2026"}).content.decode()
    assert "Mở xem" in page and "người dân" in page and "trang trên điện thoại, 192.0.2.9" in page and "nurse" in page
    assert "Mận" not in page
    assert enter("admin").get("/so/audit/", {"deed": "looks", "to": "01/01/2020", "as": "json"}).json()["count"] == 0


def test_an_account_tells_its_roles(cast, enter):
    rows = enter("director").get("/so/users/", {"as": "json", "size": "100"}).json()["rows"]
    assert next(row["roles"] for row in rows if row["username"] == "nurse") == "Điều dưỡng, nữ hộ sinh, dược sĩ ở Xã Đồng Vân"
    assert all("password" not in row for row in rows)
