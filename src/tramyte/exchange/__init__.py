"""What leaves and enters."""
