"""The search box among a million people of a province, asked by a nurse of one commune; behind `--large`: it takes minutes to build.

With `--keep FOLDER` the databases stay there, and the next run asks them without building.
"""

import datetime
import os
import random
import statistics
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.postgresql import ServerTime, cluster

Row = tuple[str, float, float, str, str]
PEOPLE, COMMUNES, HAMLETS, AT_ONCE = 1_000_000, 33, 12, 20_000
BUDGET = 150
BORN = datetime.date(1930, 1, 1).toordinal()


def million_on_sqlite(home: Path, people: int) -> list[Row]:
    """Words, beginnings, letters and numbers in the box of a database of a million people, within the process."""
    return _asked_of(Path(os.environ.get("TRAMYTE_BENCH_KEEP", home)) / "million", PEOPLE, BUDGET, "")


def million_on_postgresql(home: Path, people: int) -> list[Row]:
    """The same on PostgreSQL; no rows, and a sentence, where none is installed."""
    kept = os.environ.get("TRAMYTE_BENCH_KEEP")
    with cluster(Path(kept) / "million-postgresql" if kept else None) as address:
        return _asked_of(Path(kept or home) / "million-postgresql-home", PEOPLE, BUDGET, address) if address else []


def _asked_of(place: Path, people: int, budget: float, address: str) -> list[Row]:
    place.mkdir(parents=True, exist_ok=True)
    env = {**os.environ, **({"DATABASE_URL": address} if address else {})}
    told = subprocess.run([sys.executable, "-m", "benchmarks.search", str(place), str(people)], check=True, stdout=subprocess.PIPE, text=True, env=env)
    rows = []
    for line in told.stdout.splitlines():
        if line.count("\t") == 2:
            kind, p95, cpu = line.split("\t")
            what = f"search by {kind} among {people:,} people{' on PostgreSQL' if address else ''}, p95"
            rows += [(what, float(p95), budget, "ms", "budget"), (f"{what} of processor time", float(cpu), budget, "ms", "budget")]
    return rows


def main(home: str, people: int) -> None:
    """In a home of its own: build when it is not built, ask, print one line a kind."""
    os.environ |= {"TRAMYTE_HOME": home, "TRAMYTE_AS_OF": "2026-06-03", "DJANGO_SETTINGS_MODULE": "tramyte.web.settings", "TRAMYTE_LIMITS": "off"}
    import django

    django.setup()
    from django.core.management import call_command

    from tramyte.care.people.models import SearchText

    if not (Path(home) / "filled").exists():
        subprocess.run([sys.executable, "-m", "tramyte", "demo", "--people", "1500", "--as-of", "2026-06-03"], check=True, stdout=subprocess.DEVNULL)
        begun = time.perf_counter()
        fill(people)
        (Path(home) / "filled").touch()
        print(f"{SearchText.objects.count():,} people in {time.perf_counter() - begun:.0f} s", file=sys.stderr)
    else:  # kept from an earlier version
        call_command("migrate", verbosity=0)
    for kind, texts in questions().items():
        asked(texts[:3])
        p95, cpu = asked(texts)
        print(f"{kind}\t{p95:.1f}\t{cpu:.1f}", flush=True)


def asked(texts: list[str]) -> tuple[float, float]:
    """The p95 of finding what the box shows, on the clock and of processor time, in ms; a user anew each time, as in a request."""
    from tramyte.care.people.search import find_people
    from tramyte.engine.access.models import User

    times, spent, server = [], [], ServerTime()
    for text in texts:
        user = User.objects.get(username="dieuduong")
        begun, before = time.perf_counter(), time.process_time() + server.spent()
        find_people(user, text, 20)
        times.append((time.perf_counter() - begun) * 1000)
        spent.append((time.process_time() + server.spent() - before) * 1000)
    return statistics.quantiles(times, n=20)[-1], statistics.quantiles(spent, n=20)[-1]


def questions() -> dict[str, list[str]]:
    """A hundred texts of each kind about people of the nurse's commune."""
    from tramyte.care.people.models import Person
    from tramyte.engine.access.models import User
    from tramyte.engine.access.rights import visible
    from tramyte.rules.text import fold, initials

    draw = random.Random(1)
    nurse = User.objects.get(username="dieuduong")
    rows = list(visible(nurse, Person.objects.filter(entered_in_error=False)).order_by("pk").values_list("full_name", "birth_date", "phone")[:3000:30])
    return {
        "name and year": [f"{name} {born.year}" for name, born, _ in rows],
        "name without tones": [fold(name) for name, _, _ in rows],
        "two words": [" ".join(name.split()[:2]) for name, _, _ in rows],
        "the first letters": [name[: draw.randint(4, 9)] for name, _, _ in rows],
        "one short word": [name.split()[-1][:2] for name, _, _ in rows],
        "initials and year": [f"{initials(name)} {born.year}" for name, born, _ in rows],
        "a piece of a number": [f"{draw.choice(('098', '038', '09'))}{draw.randint(0, 999):03d}" for _ in rows],
        "the end of a telephone number": [phone[-5:] or "12345" for _, _, phone in rows],
    }


def fill(people: int) -> None:
    """Invented people with a residence and the words to be found by, until there are so many; the nurse's commune gets its share."""
    from django.db import connection, transaction

    from tramyte.care.people.models import Person, Residence, SearchText
    from tramyte.care.people.search import search_words
    from tramyte.engine.actions.bulk import insert_values, know_sizes
    from tramyte.engine.actions.models import new_id
    from tramyte.engine.places.models import Place
    from tramyte.rules.text import fold

    draw, hamlets = random.Random(3), _hamlets()
    words = "CREATE INDEX people_words ON people_searchtext USING gin (array_to_tsvector(string_to_array(text, ' ')))"  # as migration 0002_search
    if connection.vendor == "postgresql":  # built once, at the end
        connection.cursor().execute("DROP INDEX people_words")
    names = [name.split() for name in Person.objects.values_list("full_name", flat=True) if len(name.split()) > 2]
    missing = people - SearchText.objects.count()
    named = dict(Place.objects.values_list("pk", "name"))
    for begin in range(0, missing, AT_ONCE):
        rows = []
        for _ in range(min(AT_ONCE, missing - begin)):
            name = " ".join((draw.choice(names)[0], *draw.choice(names)[1:-1], draw.choice(names)[-1]))
            rows.append(Person(
                id=new_id(), full_name=name, birth_date=datetime.date.fromordinal(BORN + draw.randrange(35_000)), sex=draw.choice("MF"),
                phone=f"09{draw.randrange(10**8):08d}" if draw.random() < 0.4 else "", hamlet_id=draw.choice(hamlets)))
        numbers = [f"0{draw.randrange(10**11):011d}" for _ in rows]
        for row in rows:
            row.search = fold(row.full_name)
        texts = [(row.pk, row.hamlet_id, row.search, search_words(row, named[row.hamlet_id], (value,))) for row, value in zip(rows, numbers, strict=True)]
        with transaction.atomic():
            insert_values(Person, ("id", "full_name", "search", "birth_date", "sex", "phone", "hamlet_id"), [(r.pk, r.full_name, r.search, r.birth_date, r.sex, r.phone, r.hamlet_id) for r in rows])
            insert_values(Residence, ("id", "person_id", "place_id", "kind", "start"), [(new_id(), r.pk, r.hamlet_id, "permanent", r.birth_date) for r in rows])
            insert_values(SearchText, ("person_id", "hamlet_id", "name", "text"), texts)
    if connection.vendor == "postgresql":
        connection.cursor().execute(words)
    know_sizes()


def _hamlets() -> list[object]:
    """The hamlets of the demo commune and of the others of a province, which are made here."""
    from tramyte.engine.access.models import User
    from tramyte.engine.access.rights import home_place
    from tramyte.engine.places.models import Place

    nurse = User.objects.get(username="dieuduong")
    own = home_place(nurse)
    assert own is not None
    found = list(Place.objects.filter(parent=own, kind=Place.HAMLET).values_list("pk", flat=True))
    for number in range(1, COMMUNES):
        commune = Place.objects.create(code=f"9{number:04d}", name=f"Xã Số {number}", kind=Place.COMMUNE, parent=own.parent, valid_from=datetime.date(2025, 7, 1), source="bịa")
        for part in range(1, HAMLETS + 1):
            found.append(Place.objects.create(code=f"9{number:04d}.{part:02d}", name=f"Thôn {part}", kind=Place.HAMLET, parent=commune, valid_from=datetime.date(2025, 7, 1), source="bịa").pk)
    return found


CASES = (million_on_sqlite, million_on_postgresql)

if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
