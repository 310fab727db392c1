"""What the station has."""
