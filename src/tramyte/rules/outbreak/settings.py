"""The settings of the algorithms, under the parameter names of the R package surveillance."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, ClassVar

FREQUENCIES = (365, 52, 12)
MORE = "Hãy sửa tệp tham số."


@dataclass(frozen=True)
class EarsC:
    """Settings of EARS C1, C2 and C3.

    method: C1, C2 or C3. baseline: time points of the window, 3 to 365. minSigma: least standard deviation of C1 and
    C2 (C3 knows none). alpha: one-sided error rate, 0 to 0.5; None means 0.001, for C3 0.025, as the CDC has it.
    Raises ValueError with a Vietnamese sentence. Source: manual of the package, page earsC.
    """

    prefix: ClassVar[str] = "earsC_"

    method: str = "C1"
    baseline: int = 7
    minSigma: float = 0
    alpha: float | None = None

    def __post_init__(self) -> None:
        _choice("method", self.method, ("C1", "C2", "C3"))
        _whole("baseline", self.baseline, 3, 365)
        _number("minSigma", self.minSigma, 0, 1e9)
        if self.alpha is None:
            object.__setattr__(self, "alpha", 0.025 if self.method == "C3" else 0.001)
        _number("alpha", self.alpha, 1e-12, 0.5)


@dataclass(frozen=True)
class FarringtonFlexible:
    """Settings of Farrington flexible.

    b: past years of the baseline. w: half-width of the window around the same week. noPeriods: levels of the seasonal
    factor (1: only the windows, as Farrington 1996; 10: as Noufaily 2013). pastWeeksNotIncluded: last time points kept
    out of the baseline (None: w). reweight, weightsThreshold: past outbreaks weigh less above this Anscombe residual.
    trend, pThresholdTrend: fit a trend and keep it when its p is at most this. thresholdMethod: delta, nbPlugin or muan.
    powertrans: 2/3, 1/2 or none, for delta. alpha: one-sided. limit54: (cases, period), no threshold when the last
    `period` points hold fewer cases. populationOffset: model the rate by a population.
    Raises ValueError with a Vietnamese sentence. Source: manual of the package, page farringtonFlexible.
    """

    prefix: ClassVar[str] = "farringtonFlexible_"

    b: int = 5
    w: int = 3
    reweight: bool = True
    weightsThreshold: float = 2.58
    alpha: float = 0.05
    trend: bool = True
    pThresholdTrend: float = 0.05
    limit54: tuple[float, int] = (5, 4)
    powertrans: str = "2/3"
    fitFun: str = "algo.farrington.fitGLM.flexible"
    populationOffset: bool = False
    noPeriods: int = 1
    pastWeeksNotIncluded: int | None = None
    thresholdMethod: str = "delta"

    def __post_init__(self) -> None:
        _whole("b", self.b, 1, 50)
        _whole("w", self.w, 0, 180)
        _whole("noPeriods", self.noPeriods, 1, 365)
        if self.pastWeeksNotIncluded is None:
            object.__setattr__(self, "pastWeeksNotIncluded", self.w)
        _whole("pastWeeksNotIncluded", self.pastWeeksNotIncluded, 0, 364)
        for name in ("reweight", "trend", "populationOffset"):
            _flag(name, getattr(self, name))
        _number("weightsThreshold", self.weightsThreshold, 0.01, 1e9)
        _number("alpha", self.alpha, 1e-12, 0.5)
        _number("pThresholdTrend", self.pThresholdTrend, 0, 1)
        _choice("powertrans", self.powertrans, ("2/3", "1/2", "none"))
        _choice("thresholdMethod", self.thresholdMethod, ("delta", "nbPlugin", "muan"))
        _choice("fitFun", self.fitFun, ("algo.farrington.fitGLM.flexible",))
        if not isinstance(self.limit54, tuple | list) or len(self.limit54) != 2:
            raise ValueError(f"limit54 phải là [số ca, số kỳ], ví dụ [5, 4]. {MORE}")
        _number("limit54[0]", self.limit54[0], 0, 1e9)
        _whole("limit54[1]", self.limit54[1], 1, 365)
        object.__setattr__(self, "limit54", tuple(self.limit54))

    def for_frequency(self, freq: int) -> "FarringtonFlexible":
        """The settings as used for so many time points a year.

        Monthly series have a window of one month to each side; the last month is kept out of the baseline, with a
        seasonal factor the last six. ValueError when window and levels do not fit into a year.
        """
        used = replace(self, w=1, pastWeeksNotIncluded=1 if self.noPeriods == 1 else 6) if freq == 12 else self
        if used.noPeriods > freq - 2 * used.w or (used.pastWeeksNotIncluded or 0) >= freq - used.w:
            raise ValueError(
                f"w={used.w}, noPeriods={used.noPeriods} và pastWeeksNotIncluded={used.pastWeeksNotIncluded} không vừa "
                f"trong một năm có {freq} kỳ. {MORE}"
            )
        return used


@dataclass(frozen=True)
class VnTt15:
    """Settings of the statutory rule of Thông tư 15/2026/TT-BYT.

    endemic: the disease is endemic in the commune (Điều 2 khoản 3), then months and weeks are measured against past
    years; else linked cases are counted. epidemic_years: years left out of the past. ValueError with a sentence.
    """

    prefix: ClassVar[str] = "vn_tt15"

    endemic: bool
    epidemic_years: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        _flag("endemic", self.endemic)
        if not isinstance(self.epidemic_years, tuple | list):
            raise ValueError(f"epidemic_years phải là danh sách năm, ví dụ [2023, 2024]. {MORE}")
        for year in self.epidemic_years:
            _whole("epidemic_years", year, 1900, 2199)
        object.__setattr__(self, "epidemic_years", tuple(self.epidemic_years))


Settings = EarsC | FarringtonFlexible | VnTt15


def read_settings(name: str, given: object) -> Settings:
    """The settings of an algorithm of a parameter file: its name says which algorithm, `given` holds the parameters.

    A `range` in words is a remark, for the range is fixed. ValueError with a Vietnamese sentence for another name, an
    unknown or missing parameter and for a value that is not allowed.
    """
    kind = next((kind for kind in (EarsC, FarringtonFlexible) if name.startswith(kind.prefix)), None)
    made = VnTt15 if name == VnTt15.prefix else kind
    if made is None:
        raise ValueError("không có thuật toán này. Tên phải bắt đầu bằng earsC_ hoặc farringtonFlexible_, hay là vn_tt15.")
    if not isinstance(given, Mapping):
        raise ValueError(f"tham số phải là một đối tượng JSON {{...}}. {MORE}")
    known = {field.name for field in fields(made)}
    taken: dict[str, Any] = {key: value for key, value in given.items() if key != "range"}
    if given.get("range") is not None and not isinstance(given["range"], str):
        raise ValueError("không chọn được range: EARS tính mọi t, Farrington tính hai năm cuối. Hãy bỏ range.")
    if strange := [str(key) for key in taken if key not in known]:
        raise ValueError(f"không có tham số {', '.join(strange)}. Các tham số: {', '.join(sorted(known))}.")
    if made is VnTt15 and "endemic" not in taken:
        raise ValueError("thiếu tham số endemic: true nếu bệnh lưu hành tại xã, false nếu không.")
    return made(**taken)


def _choice(name: str, value: object, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise ValueError(f"{name} = {value!r:.40} không được. Các giá trị: {', '.join(allowed)}. {MORE}")


def _flag(name: str, value: object) -> None:
    if not isinstance(value, bool):
        raise ValueError(f"{name} = {value!r:.40} phải là true hoặc false. {MORE}")


def _whole(name: str, value: object, low: int, high: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise ValueError(f"{name} = {value!r:.40} phải là số nguyên từ {low} đến {high}. {MORE}")


def _number(name: str, value: object, low: float, high: float) -> None:
    # A comparison with NaN is false, so NaN is refused too.
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise ValueError(f"{name} = {value!r:.40} phải là số từ {low:g} đến {high:g}. {MORE}")
