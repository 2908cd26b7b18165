"""What the data are like: profiles of tables."""

from onefold.quality.profile import profile

__all__ = ["profile"]
