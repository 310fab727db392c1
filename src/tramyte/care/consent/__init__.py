"""What a person agrees to, and what they may ask of the data kept about them."""
