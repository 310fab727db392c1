"""How a file or a form names a child, a vaccine, a product."""

import datetime
from collections.abc import Sequence
from typing import Any

from tramyte.care.immunization.models import Vaccine, VaccineProduct
from tramyte.care.people.keys import PersonKey, bare_hamlet
from tramyte.care.people.models import Person
from tramyte.engine.access.models import User
from tramyte.engine.refused import Refused
from tramyte.rules.text import fold

# What sheets and national lists write for the vaccines of the programme, folded.
NAMES = {
    "vgb": "HEPB", "vgb so sinh": "HEPB", "viem gan b": "HEPB", "viem gan b so sinh": "HEPB", "hepb": "HEPB", "gene hbvax": "HEPB",
    "lao": "BCG", "bcg": "BCG",
    "dpt vgb hib": "DPT-VGB-HIB", "5 trong 1": "DPT-VGB-HIB", "5in1": "DPT-VGB-HIB", "five": "DPT-VGB-HIB", "combe five": "DPT-VGB-HIB", "combefive": "DPT-VGB-HIB", "sii": "DPT-VGB-HIB",
    "quinvaxem": "DPT-VGB-HIB", "penta": "DPT-VGB-HIB",
    "bopv": "OPV", "bai liet": "OPV", "bai liet uong": "OPV", "bai liet tiem": "IPV",
    "soi": "MEASLES", "soi don": "MEASLES", "mvvac": "MEASLES", "mr": "MR", "soi rubella": "MR", "mrvac": "MR", "mmr": "MMR", "soi quai bi rubella": "MMR",
    "vnnb": "JE", "viem nao": "JE", "viem nao nhat ban": "JE", "jevax": "JE", "rotavin": "ROTA", "phe cau": "PCV", "td": "TD", "uon van bach hau": "TD",
    "uv": "UV", "vat": "UV", "uon van": "UV", "tt": "UV", "6 trong 1": "DPT-VGB-HIB-IPV", "hexaxim": "DPT-VGB-HIB-IPV", "infanrix hexa": "DPT-VGB-HIB-IPV",
    "pentaxim": "DPT-IPV-HIB", "tetraxim": "DPT-IPV", "cum": "FLU", "dai": "RABIES", "ta": "CHOLERA", "thuong han": "TYPHOID",
}


def _words(text: str) -> str:
    """A name of a vaccine without tones and signs."""
    return " ".join("".join(letter if letter.isalnum() else " " for letter in fold(text)).split())


class VaccineKey:
    """A vaccine named by its code, its name, or a name that lists give it."""

    search: tuple[str, ...] = ("name__icontains", "code__icontains")
    prefetch: tuple[str, ...] = ()

    def shown(self, row: Any) -> str:
        """Its name."""
        return str(row.name)

    def find(self, user: User, permission: str, typed: Sequence[dict[str, str]]) -> list[Any]:
        """One query; refuses an unknown name."""
        rows = list(Vaccine.objects.filter(entered_in_error=False))
        by_code = {row.code: row for row in rows}
        known = {_words(name): row for row in rows for name in (row.name, row.code)} | {name: by_code[code] for name, code in NAMES.items() if code in by_code}
        return [known.get(_words(cells[""])) or self._unknown(cells[""], rows) for cells in typed]

    def _unknown(self, text: str, rows: Sequence[Vaccine]) -> Refused:
        names = ", ".join(row.code for row in rows)
        return Refused("unknown", f"Không có vắc xin “{text[:60]}”. Hãy ghi tên hoặc một trong các mã: {names}.")

    def suggest(self, user: User, permission: str, text: str) -> list[tuple[str, str]]:
        """Vaccines whose name or code holds the text."""
        wanted = _words(text)
        return [(row.name, row.code) for row in Vaccine.objects.filter(entered_in_error=False) if wanted in _words(row.name) or wanted in _words(row.code)][:10]


class ProductKey:
    """A product named by its trade name."""

    search: tuple[str, ...] = ("name__icontains",)
    prefetch: tuple[str, ...] = ()

    def shown(self, row: Any) -> str:
        """Its trade name."""
        return str(row.name)

    def find(self, user: User, permission: str, typed: Sequence[dict[str, str]]) -> list[Any]:
        """One query; refuses an unknown name and one that several products bear."""
        known: dict[str, list[VaccineProduct]] = {}
        for row in VaccineProduct.objects.filter(entered_in_error=False).select_related("vaccine"):
            known.setdefault(fold(row.name), []).append(row)
        return [self._one(cells[""], known.get(fold(cells[""]), [])) for cells in typed]

    def _one(self, text: str, rows: list[VaccineProduct]) -> Any:
        if len(rows) == 1:
            return rows[0]
        if rows:
            return Refused("ambiguous", f"Có {len(rows)} sản phẩm tên “{text[:60]}”. Hãy đổi tên cho khác nhau trong danh mục sản phẩm.")
        return Refused("unknown", f"Chưa có sản phẩm vắc xin “{text[:60]}”. Hãy thêm vào danh mục sản phẩm trước.")

    def suggest(self, user: User, permission: str, text: str) -> list[tuple[str, str]]:
        """Products whose name holds the text."""
        rows = VaccineProduct.objects.filter(entered_in_error=False).select_related("vaccine")
        return [(row.name, f"{row.vaccine}, {row.manufacturer}") for row in rows if fold(text) in fold(row.name)][:10]


class ChildKey(PersonKey):
    """A person as `PersonKey` names one; of several with one name and birth date the one of the hamlet that stands beside."""

    def _one(self, cells: dict[str, str], by_number: dict[str, set[Person]], by_name: dict[tuple[str, datetime.date], set[Person]]) -> Any:
        found = super()._one(cells, by_number, by_name)
        if not (isinstance(found, Refused) and found.code == "ambiguous" and cells.get("hamlet")):
            return found
        wanted = bare_hamlet(cells["hamlet"])
        here = {key: {person for person in people if bare_hamlet(person.hamlet.name) == wanted} for key, people in by_name.items()}
        again = super()._one(cells, by_number, here)
        return found if isinstance(again, Refused) else again
