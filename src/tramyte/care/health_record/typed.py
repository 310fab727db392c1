"""What is typed into a part of the health record; the action judges it and answers by the names of the fields."""

import uuid
from collections.abc import Mapping
from typing import Any

from django import forms

from tramyte.care.health_record.actions import Line
from tramyte.care.health_record.form import CLINICAL_STATUS, FINDINGS, Part, Question
from tramyte.care.health_record.queries import Held, since_words
from tramyte.care.people.typed import Typed
from tramyte.engine import clock
from tramyte.engine.registers.fields import ChoiceField, DayField, TextField
from tramyte.engine.registers.versions import Compared

SPARE = 2  # empty lines offered below those of a list
LINE = ("code", "detail", "status", "since", "relative", "wrong")
NOT_STATED = ("", "chưa hỏi")
RADIOS = 4  # more choices than these are picked from a list


class PartForm(Typed):
    """One part of the record: when it was asked about, with what finding, and its answers or lines."""

    on = DayField(label="Ngày hỏi", widget=forms.DateInput)
    finding = ChoiceField(label="Kết quả", choices=FINDINGS, widget=forms.RadioSelect)
    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, held: Held, data: Mapping[str, Any] | None = None) -> None:
        self.part, self.held = held.part, held
        self.stored = {str(row.pk): row for row in held.rows}
        super().__init__(data, auto_id=f"{held.part.slug}_%s", initial=self._initial())
        self.count = self._count(data)
        for question in () if self.part.model else self.part.questions:
            self.fields[question.code] = _field(question)
        for at in range(self.count if self.part.model else 0):
            self._add_line(at)

    def _count(self, data: Mapping[str, Any] | None) -> int:
        """How many lines the page has: those sent, else those stored and some to spare."""
        sent = sum(f"l{at}_detail" in data for at in range(200)) if data is not None else 0
        return sent or len(self.held.rows) + SPARE

    def _initial(self) -> dict[str, Any]:
        found = {"on": f"{clock.today():%d/%m/%Y}", "finding": "present", "seen_version": self.held.number}
        found |= {code: answer.row.value.replace(".", ",") if self.part.by_code[code].kind == "number" else answer.row.value for code, answer in self.held.answers.items()}
        for at, row in enumerate(self.held.rows):
            line = {"id": str(row.pk), "code": getattr(row, "code", ""), "detail": row.detail, "since": since_words(row), "relative": getattr(row, "relative", ""), "status": getattr(row, "status", "")}
            found |= {f"l{at}_{name}": value for name, value in line.items()}
        return found

    def _add_line(self, at: int) -> None:
        made: dict[str, forms.Field] = {"id": forms.CharField(required=False, widget=forms.HiddenInput)}
        if self.part.choices:
            made["code"] = ChoiceField(label="Loại" if self.part.slug == "allergy" else "Tên", choices=[("", "chọn"), *self.part.choices], required=False)
        made["detail"] = TextField(label=self.part.detail, max_length=200, required=False)
        if self.part.slug == "family":
            made["relative"] = TextField(label="Người mắc", max_length=60, required=False)
        if self.part.slug == "illness":
            made["status"] = ChoiceField(label="Tình trạng", choices=CLINICAL_STATUS, required=False)
        made["since"] = TextField(label="Từ khi nào", max_length=20, required=False, widget=forms.TextInput(attrs={"inputmode": "numeric"}))
        if at < len(self.held.rows):
            made["wrong"] = TextField(label="Ghi nhầm: lý do", max_length=200, required=False)
        for name, field in made.items():
            self.fields[f"l{at}_{name}"] = field

    @property
    def line_fields(self) -> list[dict[str, Any]]:
        """The lines as the page draws them: number, fields with their widths, the hidden id."""
        spans = {"code": 3, "detail": {"family": 4, "illness": 4, "operation": 9}.get(self.part.slug, 6), "status": 2, "relative": 2, "since": 3}
        return [{
            "number": at + 1, "stored": at < len(self.held.rows), "id": self[f"l{at}_id"],
            "fields": [(self[f"l{at}_{name}"], span) for name, span in spans.items() if f"l{at}_{name}" in self.fields],
            "wrong": self[f"l{at}_wrong"] if f"l{at}_wrong" in self.fields else None} for at in range(self.count)]

    @property
    def asked(self) -> list[tuple[Any, int]]:
        """The fields of the questions with their widths."""
        return [(self[question.code], question.span) for question in self.part.questions]

    def lines(self) -> list[Line]:
        """The lines that say something, as the action takes them; of a stated absence none but those taken back."""
        found = [self._line(at) for at in range(self.count)] if self.part.model else []
        if self.cleaned_data["finding"] != "present":
            return [line for line in found if line.wrong]
        return [line for line in found if line.id or line.code or line.detail or line.since or line.relative]

    def _line(self, at: int) -> Line:
        given = {name: self.cleaned_data.get(f"l{at}_{name}") or "" for name in LINE}
        typed_id = self.cleaned_data.get(f"l{at}_id") or ""
        return Line(id=uuid.UUID(typed_id) if typed_id in self.stored else None, **given)

    def answers(self) -> dict[str, str]:
        """The answers by code."""
        return {question.code: self.cleaned_data.get(question.code) or "" for question in self.part.questions}

    def refuse(self, refused: Any) -> None:
        """Put a refusal at its field; one about a line at the first line that could be meant."""
        named = next((name for name in self.fields if name.endswith(f"_{refused.field}") and self.cleaned_data.get(name)), None)
        field = refused.field if refused.field in self.fields else named if refused.field in LINE else None
        self.add_error(field, refused.message)

    def mine(self) -> dict[str, str]:
        """The typed part in words, by the keys of `theirs`."""
        given = self.cleaned_data
        if not self.part.model:
            return {q.label: q.words(str(given.get(q.code) or "")) for q in self.part.questions}
        found = {}
        for at in range(self.count):
            line = self._line(at)
            words = _words(self.part, line.code, line.detail, line.status, line.relative, line.since)
            found[str(line.id or f"mới {at + 1}")] = f"ghi nhầm: {line.wrong}" if line.wrong else words
        return found

    def theirs(self) -> dict[str, str]:
        """The stored part in words: by question, or by the key of the line."""
        if not self.part.model:
            return {q.label: self.held.answers[q.code].words if q.code in self.held.answers else "" for q in self.part.questions}
        return {str(row.pk): _words(
            self.part, getattr(row, "code", ""), row.detail, getattr(row, "status", ""), getattr(row, "relative", ""), since_words(row)) for row in self.held.rows}

    def versions(self) -> list[Compared]:
        """Both versions side by side. What neither has is left out."""
        mine, theirs = self.mine(), self.theirs()
        found = []
        for number, key in enumerate(dict.fromkeys([*theirs, *mine]), 1):
            pair = (mine.get(key, ""), theirs.get(key, ""))
            if any(pair):
                found.append(Compared(f"Dòng {number}" if self.part.model else key, *pair, differs=pair[0] != pair[1]))
        return found


def _words(part: Part, code: str, detail: str, status: str, *rest: str) -> str:
    """A line of a list in one text, the same for what is stored and what is typed; an empty line has none."""
    if not (code or detail):
        return ""
    told = dict(CLINICAL_STATUS).get(status, "") if part.slug == "illness" else ""
    return "; ".join(filter(None, (dict(part.choices).get(code, ""), detail, told, *rest)))


def _field(question: Question) -> forms.Field:
    """The form field of a question; each may stay unasked."""
    if question.kind in {"choice", "yes_no"}:
        choices = question.choices or (("1", "có"), ("0", "không"))
        widget = forms.RadioSelect if len(choices) <= RADIOS else forms.Select
        return ChoiceField(label=question.label, choices=[NOT_STATED, *choices], required=False, widget=widget)
    attrs = {"inputmode": "decimal"} if question.kind in {"whole", "number"} else {}
    label = f"{question.label} ({question.unit})" if question.unit else question.label
    return TextField(label=label, max_length=200, required=False, widget=forms.TextInput(attrs=attrs))
