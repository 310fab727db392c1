"""What immunization keeps: the list of vaccines, stock by lot, the programme of a place, doses, what comes next, how far each child has come, and reviews at school entry."""

from tramyte.care.immunization.models.catalogue import Vaccine, VaccineProduct
from tramyte.care.immunization.models.courses import Course
from tramyte.care.immunization.models.doses import SOURCES, Immunization, NotGiven
from tramyte.care.immunization.models.programme import Activation, Programme
from tramyte.care.immunization.models.recommendations import OPEN, Recommendation, Waiting
from tramyte.care.immunization.models.school import SchoolReview
from tramyte.care.immunization.models.stock import StockMovement, VaccineLot

__all__ = [
    "OPEN", "SOURCES", "Activation", "Course", "Immunization", "NotGiven", "Programme", "Recommendation", "SchoolReview", "StockMovement", "Vaccine", "VaccineLot", "VaccineProduct",
    "Waiting",
]
