"""Django wiring: settings, addresses, templates, commands, pages."""
