"""Who gets in through the JSON interface, how often, and what a session may do there."""

import datetime
import json
from types import SimpleNamespace

import pytest
from django.test import Client as Browser
from django.urls import get_resolver, reverse

from tramyte.engine.access.models import Assignment
from tramyte.engine.audit.models import AuditEntry
from tramyte.engine.clients.actions import create_client, revoke_client
from tramyte.engine.clients.models import Client
from tramyte.engine.registers import registry
from tramyte.web.api import doors, urls

ME, HOUSES = "/api/v1/me", "/api/v1/registers/households"
DAY = datetime.date


@pytest.fixture
def made(cast):
    """A program of the commune that reads and writes people, with its key."""
    return create_client(
        by=cast.director, name="HIS huyện", contact="anh Nam, 0912345678", where=[cast.commune], permissions=["people.view", "people.write", "figures.view"],
        valid_until=DAY(2026, 12, 31))


def ask(key, address=ME, browser=None, **headers):
    return (browser or Browser()).get(address, headers={"Authorization": f"Bearer {key}", **headers})


def test_a_key_says_who_it_is(made, cast):
    _, key = made
    told = ask(key).json()
    assert (told["kind"], told["name"], told["valid_until"], told["today"]) == ("application", "HIS huyện", "2026-12-31", "2026-06-03")
    assert told["places"] == [{"code": "00001", "name": "Xã Đồng Vân", "permissions": ["figures.view", "people.view", "people.write"]}]
    assert [book["slug"] for book in ask(key, "/api/v1/registers").json()["rows"]] == [book.slug for book in registry.registers() if book.guard.view == "people.view"]


@pytest.mark.parametrize("key", ["", "x", "tramyte_", "tramyte__", "tramyte_00000000_khong-co", "tramyte_" + "0" * 5000 + "_x", "tramyte_\u00e9_x"])
def test_what_is_no_key_is_refused(made, key):
    answer = Browser().get(ME, headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code == 401 and answer.json()["message"].endswith(".") and answer["Content-Type"].startswith("application/json")


def test_a_wrong_secret_with_a_right_prefix_is_refused(made):
    client, key = made
    assert ask(key[:-1] + ("a" if key[-1] != "a" else "b")).json()["code"] == "bad_key"
    assert ask(f"tramyte_{client.prefix}_").json()["code"] == "bad_key"
    assert ask(key).status_code == 200 and ask(key)["Cache-Control"] == "private, no-cache"


def test_a_key_ends(made, cast, monkeypatch):
    client, key = made
    for day, status in (("2026-12-31", 200), ("2027-01-01", 401)):
        monkeypatch.setenv("TRAMYTE_AS_OF", day)
        assert ask(key).status_code == status, day
    assert ask(key).json()["code"] == "expired_key"
    monkeypatch.setenv("TRAMYTE_AS_OF", "2026-06-03")
    revoke_client(by=cast.director, id=client.pk, reason="khóa bị lộ")
    answer = ask(key)
    assert (answer.status_code, answer.json()["code"], answer["WWW-Authenticate"]) == (401, "revoked_key", "Bearer")


def test_a_bad_key_never_falls_back_to_the_session(made, enter):
    client = enter("director")
    assert ask("tramyte_00000000_x", HOUSES, client).status_code == 401
    assert client.get(HOUSES).status_code == 200


def test_a_session_that_owes_something_is_no_way_in(cast, enter):
    client = enter("nurse")
    type(cast.nurse).objects.filter(pk=cast.nurse.pk).update(must_change_password=True)
    for headers in ({}, {"Authorization": "Basic eDp5"}, {"Authorization": "Bearer"}, {"Authorization": "Bearer x"}):
        assert client.get(HOUSES, headers=headers).status_code in {302, 401, 403}, headers


def test_use_is_noted_but_not_every_time(made):
    client, key = made
    assert client.used_at is None
    ask(key)
    first = Client.objects.get().used_at
    ask(key)
    assert first is not None and Client.objects.get().used_at == first
    Client.objects.update(used_at=first - datetime.timedelta(minutes=6))
    ask(key)
    assert Client.objects.get().used_at > first - datetime.timedelta(minutes=6)


def test_too_many_requests_wait(made, monkeypatch):
    _, key = made
    now = [1000.0]
    monkeypatch.setattr(doors, "PER_MINUTE", 3)
    monkeypatch.setattr(doors, "time", SimpleNamespace(monotonic=lambda: now[0]))
    for second, status in ((0, 200), (10, 200), (20, 200), (20.5, 429), (59.9, 429), (60, 200), (60.5, 429), (70, 200)):
        now[0] = 1000.0 + second
        answer = ask(key)
        assert answer.status_code == status, second
        if status == 429:
            assert answer.json()["code"] == "too_many" and int(answer["Retry-After"]) == {20.5: 40, 59.9: 1, 60.5: 10}[second]


def send(client, address, content, **headers):
    return client.post(address, json.dumps(content), content_type="application/json", headers=headers)


def test_a_session_reads_and_writes_only_with_its_token(cast):
    client, house = Browser(enforce_csrf_checks=True), {"hamlet": "Thôn Đông Hạ", "number": "0412"}
    client.force_login(cast.nurse, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(ME).json() == {
        "kind": "user", "name": "Lê Thị Lan", "places": client.get(ME).json()["places"], "today": "2026-06-03", "valid_until": None, "requests_per_minute": None}
    bare = send(client, HOUSES, house)
    assert bare.status_code == 403 and bare.json()["code"] == "no_csrf"
    client.get("/mat-khau/")  # a form gives the token
    token = client.cookies["csrftoken"].value
    assert send(client, HOUSES, house, **{"X-CSRFToken": token}).status_code == 201


def test_a_key_needs_no_token(made):
    _, key = made
    answer = send(Browser(enforce_csrf_checks=True), HOUSES, {"hamlet": "00001.01", "number": "0412"}, Authorization=f"Bearer {key}")
    assert answer.status_code == 201
    assert AuditEntry.objects.get(action="record_household").username == "ứng dụng HIS huyện"


def test_nobody_gets_json_and_an_unknown_address_too(client):
    for address, status in ((ME, 401), ("/api/v1/openapi.json", 401), ("/api/v1/khong-co", 404)):
        answer = client.get(address)
        assert answer.status_code == status and answer.json()["message"], address


def test_what_is_sent_as_a_form_is_no_json(made):
    _, key = made
    for kind in ("multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "text/plain"):
        answer = Browser().post(HOUSES, b"--x--", content_type=kind, headers={"Authorization": f"Bearer {key}"})
        assert answer.status_code == 422 and answer.json()["message"], kind


def test_every_operation_has_an_address_and_every_address_an_operation(enter):
    from tramyte.web.api import operations

    assert operations.views().keys() == urls.ROUTES.keys()
    told = enter("chairman").get("/api/v1/openapi.json").json()
    known = {f"/{pattern.pattern}" for pattern in urls.urlpatterns}
    assert {address.removeprefix("/api/v1") for address in told["paths"]} == {
        address.replace("<uuid:", "{").replace("<str:", "{").replace(">", "}") for address in known} - {"/openapi.json"}
    assert get_resolver().resolve(ME).url_name == "api-me"


def test_the_description_is_in_vietnamese_with_codes_and_examples(enter):
    told = enter("nurse").get("/api/v1/openapi.json").json()
    row = told["components"]["schemas"]["ResidentsRow"]["properties"]
    assert row["full_name"]["title"] == "Họ và tên" and set(row["sex"]["enum"]) == {"M", "F", None} and "F: Nữ" in row["sex"]["description"]
    assert told["components"]["schemas"]["Trouble"]["properties"]["code"]["examples"] == ["no_right"]
    new = told["paths"][HOUSES]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert new["required"] == ["hamlet", "number"] and new["additionalProperties"] is False


# -- figures and targets --------------------------------------------------------------------------------


def test_figures_are_the_stored_ones(made, cast, enter):
    from tramyte.care.people.models import Coverage, Person, Residence
    from tramyte.engine.indicators import INDICATORS, results

    for n in range(4):
        person = Person.objects.create(full_name=f"Người Thứ {n}", birth_date=DAY(1956, 3, 5), sex="F", hamlet=cast.hamlets[n % 2])
        Residence.objects.create(person=person, place=cast.hamlets[n % 2], kind="permanent", start=DAY(2020, 1, 1))
        if n:
            Coverage.objects.create(person=person, card_number=f"GD43701{n:08d}", group="GD", start=DAY(2026, 1, 1), end=DAY(2026, 12, 31))
    results.refresh()
    _, key = made
    told = ask(key, "/api/v1/indicators").json()
    assert told["place"] == "00001" and [row["code"] for row in told["rows"]] == sorted(INDICATORS)
    stored = results.figure("BH01", cast.commune)
    figure = next(row["figure"] for row in told["rows"] if row["code"] == "BH01")
    assert (figure["numerator"], figure["denominator"], figure["value"]) == (stored.numerator, stored.denominator, stored.value) == (3, 4, 75.0)
    parts = ask(key, "/api/v1/indicators/BH01?by=hamlet").json()["parts"]
    assert [(part["group"], part["numerator"], part["denominator"]) for part in parts] == [("00001.01", 1, 2), ("00001.02", 2, 2)]
    past = ask(key, "/api/v1/indicators?period=2026-Q1").json()["rows"]
    assert next(row["figure"]["period"] for row in past if row["code"] == "BH01") == "2026-Q1"
    assert ask(key, "/api/v1/indicators/BH01?period=2026-Q1").json()["figure"] == next(row["figure"] for row in past if row["code"] == "BH01")


def test_private_figures_of_a_hamlet_stay_private(made, cast):
    from tramyte.care.maternal.year import PRIVATE_LISTS
    from tramyte.engine import clock
    from tramyte.engine.indicators import INDICATORS, results
    from tramyte.engine.indicators.models import Result

    shown = {"BM01", "DD02", *PRIVATE_LISTS}
    results.refresh(sorted(shown))
    Result.objects.all().delete()
    for code in shown:
        Result.objects.create(
            indicator=code, place=cast.hamlets[0], period="2026-06", group_kind="", group="", numerator=1, denominator=2, unknown=0, definition_version=INDICATORS[code].version,
            as_of=clock.today(), computed_at=clock.now(), watermark=0)
    _, key = made
    for code in PRIVATE_LISTS:
        assert ask(key, f"/api/v1/indicators/{code}").status_code == 200
        for query in (f"{code}?by=hamlet", f"{code}?by=old_commune", f"{code}?place=00001.01"):
            assert ask(key, f"/api/v1/indicators/{query}").status_code == 404, query
    known = {place: {row["code"]: row["figure"] for row in ask(key, f"/api/v1/indicators?place={place}").json()["rows"]} for place in ("00001", "00001.01")}
    told = {place: {code for code, figure in figures.items() if figure} for place, figures in known.items()}
    assert told == {"00001": shown, "00001.01": shown - PRIVATE_LISTS}


@pytest.mark.parametrize(("query", "status"), [
    ("indicators?place=00001.01", 200), ("indicators?place=00002", 404), ("indicators?place=x", 404), ("indicators?period=2027-01", 422), ("indicators?period=x", 422),
    ("indicators?by=hamlet", 422), ("indicators/BH01?by=khong-co", 422), ("indicators/XX99", 404), ("indicators/BH01?place=00002", 404), ("targets/01890000-0000-7000-8000-000000000000", 404),
])
def test_figures_asked_for_wrongly(made, query, status):
    _, key = made
    assert ask(key, f"/api/v1/{query}").status_code == status


def test_targets_are_read_by_whoever_sees_figures(made, cast, enter):
    from tramyte.governance.targets.models import Target

    target = Target.objects.create(place=cast.commune, phrase="bảo hiểm y tế đạt từ 98%", comparator=">=", value=98, unit="%", year=2026)
    _, key = made
    told = ask(key, "/api/v1/targets").json()["rows"]
    assert [(row["id"], row["deadline"], row["state"], row["value"]) for row in told] == [(str(target.pk), "2026-12-31", "unrecorded", 98.0)]
    assert ask(key, f"/api/v1/targets/{target.pk}").json() == told[0]
    assert enter("stranger").get("/api/v1/targets").json()["rows"] == []


# -- the pages ------------------------------------------------------------------------------------------


def test_a_program_is_connected_and_revoked_on_pages(cast, enter):
    page, address = enter("director"), reverse("system-client-new")
    form = {"name": "HIS", "contact": "anh Nam, 0912345678", "valid_until": "31/12/2026", "permissions": ["figures.view"], "places": [str(cast.commune.pk)]}
    for field, wrong in (("name", ""), ("contact", "x"), ("valid_until", "31/02/2026"), ("valid_until", "01/01/2030"), ("permissions", []), ("permissions", ["users.manage"]), ("places", [])):
        answer = page.post(address, {**form, field: wrong})
        assert answer.status_code == 422 and answer.context["refused"].field == field, field
    assert page.post(address, {**form, "places": [str(cast.other_commune.pk)]}).status_code == 422
    answer = page.post(address, form)
    key = answer.context["key"]
    assert answer["Cache-Control"] == "no-store" and key in answer.content.decode()
    listed = page.get(reverse("system-clients")).content.decode()
    assert "HIS" in listed and key not in listed and Client.objects.get().prefix in listed
    assert ask(key).status_code == 200
    gone = reverse("system-client-revoke", args=[Client.objects.get().pk])
    assert page.post(gone, {"reason": " "}).status_code == 422
    assert page.post(gone, {"reason": "đổi phần mềm"}).status_code == 302
    assert ask(key).status_code == 401 and "đổi phần mềm" in page.get(reverse("system-clients")).content.decode()


def test_the_description_as_a_page_has_every_address(enter):
    page = enter("nurse").get(reverse("api-reference")).content.decode()
    for route in urls.ROUTES.values():
        shown = "/api/v1/" + route.replace("<uuid:", "{").replace("<str:", "{").replace(">", "}")
        assert shown in page or route == "openapi.json", route
    assert "<script src=\"http" not in page


def test_a_key_whose_granter_left_is_listed_and_taken_over_on_pages(cast, enter, made):
    _, key = made
    page = enter("admin")
    assert "HIS huyện" in page.get(reverse("system-user", args=[cast.director.pk])).content.decode()
    locked = page.post(reverse("system-user-act", args=[cast.director.pk]), {"do": "lock"}, follow=True).content.decode()
    assert "Khóa ứng dụng đã dừng theo: HIS huyện" in locked
    answer = ask(key)
    assert answer.status_code == 401 and "Hãy nhờ giám đốc" in answer.content.decode()
    listed = page.get(reverse("system-clients")).content.decode()
    assert "1 khóa đang dừng" in listed and "Nhận khóa của" not in listed, "an administrator holds no people to hand on"
    Assignment.objects.create(user=cast.clinician, role="director", place=cast.commune, valid_from=DAY(2026, 1, 1))
    page, address = enter("clinician"), reverse("system-client-adopt", args=[Client.objects.get().pk])
    assert "Nhận khóa của HIS huyện" in page.get(reverse("system-clients")).content.decode()
    assert page.post(address, {"reason": ""}).status_code == 422
    assert page.post(address, {"reason": "nhận bàn giao"}).status_code == 302
    assert ask(key).status_code == 200
