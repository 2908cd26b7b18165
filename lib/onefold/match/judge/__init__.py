"""Judging the matching: measures with intervals, curves, errors by type, estimates without labels, labels, and pages."""

__all__: list[str] = []  # the door is onefold.match
