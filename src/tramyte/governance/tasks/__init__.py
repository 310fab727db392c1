"""Tasks: who must do what by when, how far it is, and what proves it."""
