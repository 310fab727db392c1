"""Our small framework; knows no topic."""
