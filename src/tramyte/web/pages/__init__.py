"""Pages that belong to no topic: home, search, sign-in, errors, and the shell around all pages."""
