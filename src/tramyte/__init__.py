"""tramyte: software for a Vietnamese commune health station and the people who steer it."""

__version__ = "0.1.0"
