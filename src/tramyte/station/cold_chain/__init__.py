"""The cold chain: where vaccine is kept, its temperature twice a day, and what was done when it was too warm or too cold."""
