"""Everything the station holds on one person, for that person: as data and as a readable paper."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models

from tramyte.care.people.looks import views_of
from tramyte.care.people.models import Person
from tramyte.engine import clock
from tramyte.engine.access.naming import names_of
from tramyte.engine.audit.models import AuditEntry
from tramyte.engine.documents.paper import Block, Bullets, Heading, Note, Paper, Paragraph
from tramyte.engine.places.queries import commune_of, stations_of

HIDDEN = {"id", "version", "updated_at", "import_id", "search", "file"}
WRITTEN = {"created_at": "ghi lúc"}
ANOTHER = "một hồ sơ khác"  # what is kept on others is not this person's to read


@dataclass(frozen=True)
class Part:
    """The rows of one kind. title: the word for one row; labels: field name -> words; rows: field name -> value."""

    model: str
    title: str
    labels: dict[str, str]
    rows: list[dict[str, Any]]


def held(person: Person) -> list[Part]:
    """All rows that tell about a person, by kind, those entered in error too: a new topic is covered without a line here."""
    own = _part(Person, "hồ sơ", [person], skip=set())
    return [own, *(part for part in _related(person) if part.rows)]


def seen_by(person: Person) -> list[AuditEntry]:
    """Who opened the record, or took it out, the latest first."""
    return list(views_of(person))


def as_data(person: Person, at: datetime.datetime) -> dict[str, Any]:
    """The whole as plain data for JSON: dates in ISO form, codes as stored."""
    views = seen_by(person)
    names = names_of(entry.username for entry in views)
    return {
        "made_at": at.isoformat(), "person": str(person.pk),
        "parts": [{"model": part.model, "title": part.title, "labels": part.labels, "rows": part.rows} for part in held(person)],
        "seen": [{"at": entry.at.isoformat(), "by": entry.username, "name": names[entry.username], "action": entry.action, "note": entry.note} for entry in views],
    }


def as_paper(person: Person, on: datetime.date) -> Paper:
    """The whole as a paper of the station, in words."""
    commune = commune_of(person.hamlet)
    station = stations_of(commune, on).filter(kind="station").first()
    body: list[Block] = [Paragraph(f"Trạm đang giữ những thông tin sau của {person.full_name}, tính đến ngày {on:%d/%m/%Y}.")]
    for number, part in enumerate(held(person), 1):
        body.append(Heading(2, f"{number}. {part.title[:1].upper()}{part.title[1:]} ({len(part.rows)})"))
        body.append(Bullets(tuple(_line(part, row) for row in part.rows)))
    views = seen_by(person)
    names = names_of(entry.username for entry in views)
    body.append(Heading(2, "Ai đã mở hồ sơ"))
    body.append(Bullets(tuple(f"{entry.at.astimezone(clock.ZONE):%d/%m/%Y %H:%M}, {names[entry.username]}{f', {entry.note}' if entry.note else ''}" for entry in views)) if views else Paragraph("Chưa ai mở."))
    body.append(Note("Bản trích lập theo yêu cầu của người có dữ liệu; chứa thông tin sức khỏe, chỉ giao cho chính người đó hoặc người đại diện."))
    return Paper(
        issuing_parent=f"UBND {commune.name}".upper(), issuing_body=(station.name if station else f"Trạm Y tế {commune.name}").upper(), symbol="BT-TYT",
        place=commune.name.removeprefix("Xã ").removeprefix("Phường "), date=on, kind="BẢN TRÍCH", title=f"Dữ liệu cá nhân của {person.full_name}",
        body=tuple(body), recipients=(person.full_name,), signer_title="GIÁM ĐỐC")


def _related(person: Person) -> Iterator[Part]:
    for relation in Person._meta.get_fields(include_hidden=True):
        if not (relation.auto_created and not relation.concrete) or relation.many_to_many:
            continue
        field: Any = relation.remote_field  # the one that leads here
        rows = field.model._base_manager.filter(**{field.attname: person.pk}).order_by("pk")
        if field.model is Person:
            yield Part("people.person", "con", {"full_name": "họ và tên", "birth_date": "ngày sinh"}, [{"full_name": row.full_name, "birth_date": row.birth_date.isoformat()} for row in rows])
        elif field.model._meta.app_label != "people" or not hasattr(field.model, "text"):
            yield _part(field.model, str(field.model._meta.verbose_name), list(rows), skip={field.name})


def _part(model: type[models.Model], title: str, rows: list[Any], *, skip: set[str]) -> Part:
    fields = [field for field in model._meta.concrete_fields if field.name not in HIDDEN | skip and not isinstance(field, models.JSONField)]
    fields.sort(key=lambda field: field.name in WRITTEN)
    labels = {field.name: WRITTEN.get(field.name, str(field.verbose_name)) for field in fields}
    return Part(model._meta.label_lower, title, labels, [{field.name: _value(field, row) for field in fields} for row in rows])


def _value(field: Any, row: Any) -> Any:
    if isinstance(field, models.ForeignKey):
        found = getattr(row, field.name)
        return ANOTHER if isinstance(found, Person) else str(found) if found is not None else None
    value = field.value_from_object(row)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value or ""))
    if isinstance(value, datetime.datetime):
        return value.astimezone(clock.ZONE).isoformat(timespec="minutes")
    if isinstance(value, datetime.date):
        return value.isoformat()
    return value if value is None or isinstance(value, bool | int | str) else str(value)


def _line(part: Part, row: dict[str, Any]) -> str:
    told = [(part.labels[name], _words(value)) for name, value in row.items() if value not in (None, "", False)]
    return "; ".join(f"{label}: {words}" for label, words in told)


def _words(value: Any) -> str:
    if value is True:
        return "có"
    try:
        day = datetime.datetime.fromisoformat(value) if isinstance(value, str) and len(value) >= 10 and value[4:5] == "-" else None
    except ValueError:
        day = None
    if day is None:
        return str(value)
    return f"{day:%d/%m/%Y}" if len(value) == 10 else f"{day:%d/%m/%Y %H:%M}"
