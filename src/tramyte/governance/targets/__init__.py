"""Chỉ tiêu: what must be reached, bound to indicators; how far it is, who is missing, whose turn it is."""
