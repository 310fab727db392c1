"""Growth of children under five: measurements, campaigns, charts."""
