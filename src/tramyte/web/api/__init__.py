"""The JSON interface for other programs, under /api/v1/: every register, the figures, the targets, and a description of it all."""
