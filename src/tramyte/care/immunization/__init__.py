"""Immunization: vaccines and their stock, doses given, refusals, and what each child is to get next."""
