"""When a count is more than usual: EARS, Farrington flexible, and the statutory rule of Thông tư 15/2026/TT-BYT."""

from tramyte.rules.outbreak.detection import Detection
from tramyte.rules.outbreak.ears import ears
from tramyte.rules.outbreak.farrington import farrington_flexible
from tramyte.rules.outbreak.settings import (
    FREQUENCIES,
    EarsC,
    FarringtonFlexible,
    Settings,
    VnTt15,
    read_settings,
)
from tramyte.rules.outbreak.statutory import Verdict, vn_tt15

__all__ = [
    "FREQUENCIES",
    "Detection",
    "EarsC",
    "FarringtonFlexible",
    "Settings",
    "Verdict",
    "VnTt15",
    "ears",
    "farrington_flexible",
    "read_settings",
    "vn_tt15",
]
