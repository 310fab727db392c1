"""Medicine and regulation as pure Python: no Django, no database, no clock, no network."""
