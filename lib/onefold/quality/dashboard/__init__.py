"""The page that a data owner opens in the morning: what broke, where, whose it is and what it costs."""

from onefold.quality.dashboard.facts import (
    Dashboard,
    GapLine,
    IncidentLine,
    Measured,
    OwnerLine,
    RuleLine,
    SetAside,
)
from onefold.quality.dashboard.page import dashboard_page

__all__ = [
    "Dashboard",
    "GapLine",
    "IncidentLine",
    "Measured",
    "OwnerLine",
    "RuleLine",
    "SetAside",
    "dashboard_page",
]
