"""A schedule as data: groups of antigens, their series, the rule of each dose; versioned and sourced."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from tramyte.rules.forecast.durations import Duration

FOUR_WEEKS = Duration(0, 28)


@dataclass(frozen=True, slots=True)
class Interval:
    """How far a dose must be from an earlier one; from exactly one of the origins.

    from_previous: the last dose given. from_dose: the valid dose with that number of the series. from_recent: the last
    dose of one of these products. floor counts when judging a dose, least when forecasting; rec_earliest and rec_latest
    give recommended and overdue days. first, last: the doses' days between which the interval is the rule.
    next_pregnancy: a pregnancy that began after the earlier dose lifts the wait.
    """

    from_previous: bool = False
    from_dose: int | None = None
    from_recent: frozenset[str] = frozenset()
    floor: Duration | None = None
    least: Duration | None = None
    rec_earliest: Duration | None = None
    rec_latest: Duration | None = None
    first: date | None = None
    last: date | None = None
    next_pregnancy: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a skip; all its parts must hold on the day (of the dose, or of the forecast).

    age_from, age_before: age on the day. since_previous: time since the last dose given.
    more_than: so many doses counted; only valid ones, of these products, given in the window of ages, where stated.
    """

    age_from: Duration | None = None
    age_before: Duration | None = None
    since_previous: Duration | None = None
    more_than: int | None = None
    fewer_than: int | None = None
    counted_from: Duration | None = None
    counted_before: Duration | None = None
    products: frozenset[str] = frozenset()
    valid_only: bool = True


@dataclass(frozen=True, slots=True)
class Skip:
    """A dose is passed over when every condition holds; when judging doses, when forecasting, or both."""

    conditions: tuple[Condition, ...]
    judging: bool = True
    forecasting: bool = True


@dataclass(frozen=True, slots=True)
class DoseRule:
    """One dose of a series.

    floor_age: judged by (grace already taken off), former_floor before the day former_until; min_age: forecast by;
    rec_earliest, rec_latest: recommended ages; max_age: from this age on it is not given. rec_after: overdue so long
    after the recommended day where no latest one is stated. target_before: age at which it no longer counts for the
    yearly target. hours: the window of a birth dose. product: what is given when nothing else is said; products: what
    is accepted; done_by: those of them that settle it, others count and leave it to be given (empty: all).
    inadvertent: products, from and before an age, that are given by mistake.
    verified: the values were read in the text of the source.
    """

    number: int
    code: str
    label: str
    products: frozenset[str]
    product: str = ""
    floor_age: Duration | None = None
    former_floor: Duration | None = None
    former_until: date | None = None
    min_age: Duration | None = None
    rec_earliest: Duration | None = None
    rec_latest: Duration | None = None
    rec_after: Duration | None = None
    max_age: Duration | None = None
    target_before: Duration | None = None
    intervals: tuple[Interval, ...] = ()
    skips: tuple[Skip, ...] = ()
    inadvertent: tuple[tuple[frozenset[str], Duration | None, Duration | None], ...] = ()
    recurring: bool = False
    done_by: frozenset[str] = frozenset()
    hours: int | None = None
    source: str = ""
    verified: bool = False


@dataclass(frozen=True, slots=True)
class Series:
    """One way through a group, for a sex ("M", "F"; empty: both), an age at its first dose and a branch of children."""

    name: str
    doses: tuple[DoseRule, ...]
    standard: bool = True
    default: bool = False
    sexes: frozenset[str] = frozenset()
    min_start: Duration | None = None
    max_start: Duration | None = None
    branch: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """The series against one group of antigens.

    needs: "" always, "activation" where the province has begun it, "pregnancy" for pregnant women.
    counts: product -> (from age, before age) in which it speaks for this group; a product that is not named always does
    when some dose accepts it. branched: some series are for a branch of children only. history: code of the group whose
    doses of childhood (three basic ones, then boosters) tell the branch of a pregnant woman. asked_before: age from which
    nothing more is asked for; doses given later still count.
    """

    code: str
    name: str
    series: tuple[Series, ...]
    antigens: tuple[str, ...] = ()
    needs: str = ""
    counts: Mapping[str, tuple[Duration | None, Duration | None]] = field(default_factory=dict)
    branched: bool = False
    history: str = ""
    asked_before: Duration | None = None

    @property
    def products(self) -> frozenset[str]:
        """Every product that some dose accepts."""
        return frozenset(product for series in self.series for dose in series.doses for product in dose.products)


@dataclass(frozen=True, slots=True)
class Live:
    """Products that must be given on one day or so far apart; repeats: those that also clash with themselves."""

    products: frozenset[str] = frozenset()
    repeats: frozenset[str] = frozenset()
    floor: Duration = FOUR_WEEKS


@dataclass(frozen=True, slots=True)
class Schedule:
    """A whole schedule, in force from valid_from to valid_to (both inclusive, None: open).

    products: code -> name of the products that may be recorded; empty: any CVX code. other_antigens: products that are
    known and speak for no group of this schedule. takers: product -> the groups it speaks for; windowed: those that
    speak for a group only at some ages.
    """

    version: str
    source: str
    groups: Mapping[str, Group]
    valid_from: date | None = None
    valid_to: date | None = None
    products: Mapping[str, str] = field(default_factory=dict)
    live: Live = Live()
    other_antigens: frozenset[str] = frozenset()
    takers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    windowed: frozenset[str] = frozenset()
