"""Incoming directives: read, understood, reviewed by a person, and turned into tasks, duties and targets."""
