"""What immunization keeps: the list of vaccines, stock by lot, the programme of a place, doses, and what comes next."""

from tramyte.care.immunization.models.catalogue import Vaccine, VaccineProduct
from tramyte.care.immunization.models.doses import SOURCES, Immunization, NotGiven
from tramyte.care.immunization.models.programme import Activation, Programme
from tramyte.care.immunization.models.recommendations import OPEN, Recommendation, Waiting
from tramyte.care.immunization.models.stock import StockMovement, VaccineLot

__all__ = [
    "OPEN", "SOURCES", "Activation", "Immunization", "NotGiven", "Programme", "Recommendation", "StockMovement", "Vaccine", "VaccineLot", "VaccineProduct",
    "Waiting",
]
