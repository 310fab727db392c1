"""The invented commune: people, histories, directives."""
