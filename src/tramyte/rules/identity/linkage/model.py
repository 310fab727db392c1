"""Candidate pairs and probabilities by splink on DuckDB, with the weights that `estimation` finds."""

import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import combinations
from typing import Any

import numpy as np

from tramyte.rules.identity.linkage.comparisons import NAME, Comparison
from tramyte.rules.identity.linkage.estimation import Weights, counted, estimate, starting
from tramyte.rules.identity.linkage.features import Columns, Roles

# Candidates a record; a rule that gives more is left out (a file of people born on one day, say) unless it gives few in all.
MOST_CANDIDATES, FEW_CANDIDATES = 5, 100_000
_SAMPLE, _STEPS = 400_000, 100  # far-apart pairs that show how strangers agree; of one record at most so many
_FEW = 1000  # records: in so small a file every name seems common
_BIRTHDAY = ("birth_swapped",)
_ANOTHER_NAME = ("given", "family", "other")
_TYPES = {
    "id": "INTEGER", "birth_year": "INTEGER", "birth_month": "INTEGER", "birth_day": "INTEGER", "birth_number": "INTEGER",
    "birth_vague": "BOOLEAN", "name_unnamed": "BOOLEAN", "name_words": "VARCHAR[]", "name_long": "VARCHAR[]",
    "name_initials": "VARCHAR[]", "name_odd": "VARCHAR[]",
}  # fmt: skip


class Model:
    """A linkage of the records of one table of features; with a column "source" only between different sources.

    rules: the columns that candidates share; none when no two records share anything. ValueError: see `propose`.
    """

    def __init__(self, columns: Columns, roles: Roles, comparisons: Sequence[Comparison]) -> None:
        from splink import DuckDBAPI

        self.comparisons = comparisons
        self.columns = tuple(columns)
        self.size = len(columns["id"])
        self.apart = "l.source <> r.source" if "source" in columns else "TRUE"
        self.api: Any = DuckDBAPI()
        self.sql = self.api.duckdb_con.sql
        for setting in ("autoinstall_known_extensions", "autoload_known_extensions"):
            self.sql(f"SET {setting} = false")  # nothing is fetched from the network
        self.api.register(columns, table_name="given")
        cast = ", ".join(f"CAST({name} AS {_TYPES.get(name, 'VARCHAR')}) AS {name}" for name in columns)
        self.sql(f"CREATE TABLE people AS SELECT {cast} FROM given ORDER BY id")
        self.table = self.api.register("people")
        self.rules = self._fitting(_rules(roles))

    def proposals(self, threshold: float) -> tuple[dict[str, Any], Weights]:
        """Candidate pairs from a probability on, and the weights; there must be rules.

        Arrays ordered by `id_l`, `id_r`: those, `match_probability`, `match_weight` (bits) and per comparison
        `gamma_NAME`, the level number (-1 unknown).
        """
        weights = self._counted()
        with _quiet():
            first = self._scored(weights, None)
            levels = np.stack([first[f"gamma_{one.name}"].astype(np.int8) for one in self.comparisons], axis=1)
            pairs = max(self._pairs(()), 1.0)
            weights = estimate(levels, first["rarity"].astype(float), weights, pairs)
            return self._scored(weights, threshold), weights

    def _fitting(self, rules: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
        """The rules that give some pairs and not too many; one that holds all columns of an earlier one adds nothing."""
        most = max(MOST_CANDIDATES * self.size, FEW_CANDIDATES)
        kept: list[tuple[str, ...]] = []
        large = False
        for rule in rules:
            if not any(set(one) <= set(rule) for one in kept) and (pairs := self._pairs(rule)):
                large = large or pairs > most
                kept += [rule] if pairs <= most else []
        if large and not kept:
            raise ValueError(
                "Các hồ sơ giống nhau quá nhiều nên không chọn được cặp nào để so. Hãy bỏ các dòng lặp lại hoặc thêm cột."
            )
        return kept

    def _pairs(self, rule: Sequence[str]) -> float:
        """How many pairs of records agree in these columns (all pairs for none)."""
        known = " AND ".join(f"{name} IS NOT NULL" for name in rule) or "TRUE"
        group = f"GROUP BY {', '.join(rule)}" if rule else ""
        found = self.sql(f"SELECT sum(n * (n - 1) / 2) FROM (SELECT count(*) AS n FROM people WHERE {known} {group})").fetchall()
        return float(found[0][0] or 0)

    def _counted(self) -> Weights:
        """Where the estimation starts: m as given, u counted, every second record one of a pair."""
        far = self._levels_among(self._far_apart(), [one for one in self.comparisons if one.counted in {"any", "near numbers"}])
        m, u, held = starting(self.comparisons)
        together = self._born_together() if "name_bag" in self.columns and _BIRTHDAY in self.rules else {}
        for at, comparison in enumerate(self.comparisons):
            counts = (together if comparison.counted == "born together" else far).get(comparison.name)
            if counts and comparison.counted == "near numbers":
                counts.pop(len(comparison.levels) - 1, None)
            if counts:
                u[at] = counted(counts, u[at], held[at])
        return Weights(min(0.5 / self.size, 0.1), m, u, held)

    def _born_together(self) -> dict[str, dict[int, int]]:
        """The levels among pairs of the same day of birth and another name, who are two people: often of one house."""
        wanted = [one for one in self.comparisons if one.counted == "born together"]
        top = len(NAME.levels) - 1
        other = ", ".join(str(top - at) for at, level in enumerate(NAME.levels) if level.key in _ANOTHER_NAME)
        source = f"people l JOIN people r ON l.birth_digits = r.birth_digits AND l.id < r.id AND {self.apart}"
        return self._levels_among(source, [NAME, *wanted], f"WHERE gamma_name IN ({other})")

    def _far_apart(self) -> str:
        """Every record with some others that stand far from it in the file, the same ones in every run."""
        steps = max(1, min(self.size // 2, _SAMPLE // self.size, _STEPS))
        offsets = ", ".join(str((step + 1) * self.size // (2 * steps + 1) or 1) for step in range(steps))
        pairs = f"SELECT id AS a, (id + step) % {self.size} AS b FROM people, unnest([{offsets}]) AS steps(step)"
        return f"({pairs}) JOIN people l ON l.id = a JOIN people r ON r.id = b WHERE {self.apart}"

    def _levels_among(self, source: str, wanted: Sequence[Comparison], where: str = "") -> dict[str, dict[int, int]]:
        """How often each level number occurs among the pairs of a source, by comparison."""
        read = sorted({name for one in wanted for name in re.findall(r"\b(\w+)_[lr]\b", one.case)})
        sides = ", ".join(f"l.{name} AS {name}_l, r.{name} AS {name}_r" for name in read)
        cases = ", ".join(f"{one.case} AS gamma_{one.name}" for one in wanted)
        self.sql(f"CREATE OR REPLACE TABLE sample AS WITH pairs AS (SELECT {sides} FROM {source}) SELECT {cases} FROM pairs")
        return {
            one.name: dict(self.sql(f"SELECT gamma_{one.name}, count(*) FROM sample {where} GROUP BY 1").fetchall())
            for one in wanted
        }

    def _scored(self, weights: Weights, threshold: float | None) -> dict[str, Any]:
        """The candidate pairs as splink scores them with these weights."""
        from splink import Linker

        linker = Linker(self.table, self._settings(weights), log_level=None, validate_settings=False)
        found = linker.inference.predict(threshold_match_probability=threshold, warning_mode="never")
        gammas = ", ".join(f"gamma_{one.name}" for one in self.comparisons)
        rarity = " + ".join(["0.0", *(f"mw_tf_adj_{one.name}" for one in self.comparisons if one.rare)])
        arrays: dict[str, Any] = self.sql(
            f"SELECT id_l, id_r, match_probability, match_weight, {rarity} AS rarity, {gammas}"
            f" FROM {found.physical_name} ORDER BY id_l, id_r"
        ).fetchnumpy()
        return arrays

    def _settings(self, weights: Weights) -> dict[str, Any]:
        rules = [" AND ".join(f"l.{name} = r.{name}" for name in rule) + f" AND {self.apart}" for rule in self.rules]
        each = zip(self.comparisons, weights.m, weights.u, strict=True)
        return {
            "link_type": "dedupe_only",
            "unique_id_column_name": "id",
            "probability_two_random_records_match": weights.share,
            "blocking_rules_to_generate_predictions": [{"blocking_rule": rule, "sql_dialect": "duckdb"} for rule in rules],
            "comparisons": [_comparison(one, m, u, self.size / (self.size + _FEW)) for one, m, u in each],
            "retain_matching_columns": True,
            "retain_intermediate_calculation_columns": True,
        }


def _comparison(comparison: Comparison, m: Any, u: Any, trust: float) -> dict[str, Any]:
    """A comparison in splink's words; trust: how much the frequencies of this file say of rare and common values, 0 to 1."""
    levels: list[dict[str, Any]] = [{"sql_condition": comparison.unknown, "label_for_charts": "unknown", "is_null_level": True}]
    for at, level in enumerate(comparison.levels):
        number = len(comparison.levels) - 1 - at
        shares = {"m_probability": float(m[number]), "u_probability": float(u[number])}
        rare = {"tf_adjustment_column": comparison.rare, "tf_minimum_u_value": 1e-5, "tf_adjustment_weight": trust} if level.rare else {}
        levels.append({"sql_condition": level.sql, "label_for_charts": level.key} | shares | rare)
    return {"output_column_name": comparison.name, "comparison_levels": levels}


def _rules(roles: Roles) -> list[tuple[str, ...]]:
    """Columns that two records must share, all of one rule, to be looked at; each rule survives some kind of damage."""
    rules: list[tuple[str, ...]] = [(f"number{at}",) for at in range(len(roles.numbers))]
    if roles.phone:
        rules.append(("phone",))
    if roles.birth:
        rules.append(_BIRTHDAY)
        if roles.parent:
            rules.append(("parent", "birth_year"))
    if roles.name:
        rules += _name_rules(roles)
    texts = [f"text{at}" for at in range(len(roles.texts))]
    return rules + [(text,) for text in texts] + list(combinations(texts, 2))


def _name_rules(roles: Roles) -> list[tuple[str, ...]]:
    day = ("birth_month", "birth_day")
    homes = tuple(f"home{at}" for at in range(len(roles.home)))
    rules: list[tuple[str, ...]] = [] if roles.birth else [("name_bag",)]
    if roles.birth:
        rules += [("name_bag", "birth_year"), ("name_bag", *day)]
    if roles.birth and homes:
        rules += [("name_family", "name_given", "birth_year", homes[0]), ("name_given", *day, homes[0])]
    if homes:
        rules += [("name_bag", homes[0]), ("name_given", *homes)]
    return rules


@contextmanager
def _quiet() -> Iterator[None]:
    """Splink tells of its work in its logger; here only errors matter."""
    logger = logging.getLogger("splink")
    before = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(before)
