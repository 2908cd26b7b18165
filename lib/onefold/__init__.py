"""onefold turns the raw customer exports of many systems into one trusted customer master on a lakehouse."""

__version__ = "0.1.0"
__all__ = ["__version__"]
