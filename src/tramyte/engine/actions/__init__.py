"""The one way of writing: records with ids and versions, and the acts that change them."""
