"""How dates and numbers are read and written: Django's Vietnamese formats have no date input."""
