"""Pregnancy, birth and the weeks after it; family planning, abortion, screening."""
