"""Buổi tiêm chủng: planning a session, inviting, receiving, screening, giving, watching for 30 minutes, closing with the balance."""
