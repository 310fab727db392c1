"""What was done and seen, in a chain that shows tampering."""
