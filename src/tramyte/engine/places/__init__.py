"""Where things are: units of Vietnam through time, hamlets, facilities and organisational units."""
