"""Long work in the background, with progress that the user sees."""
