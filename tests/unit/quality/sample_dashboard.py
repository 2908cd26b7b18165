"""A dashboard of a made-up programme, for tests and pictures."""

from __future__ import annotations

import datetime as dt
import math

from onefold.quality.dashboard import Dashboard, GapLine, IncidentLine, Measured, OwnerLine, RuleLine, SetAside

TODAY = dt.datetime(2026, 11, 24, 6, 12, tzinfo=dt.UTC)
ATTRIBUTES = {
    "email": ("marketing-operations", 0.912),
    "phone": ("marketing-operations", 0.874),
    "postcode": ("address-office", 0.948),
    "street": ("address-office", 0.962),
    "city": ("address-office", 0.981),
    "country": ("address-office", 0.997),
    "full_name": ("sales-operations", 0.993),
    "birth_date": ("sales-operations", 0.671),
    "company_name": ("sales-operations", 0.958),
    "duns": ("finance-master-data", 0.785),
    "vat": ("finance-master-data", 0.893),
    "registration_number": ("finance-master-data", 0.742),
    "consents": ("privacy-office", 0.968),
    "source_updated_at": ("data-engineering", 0.904),
}
SOURCES = {"crm": 0.02, "erp": 0.0, "legacy_crm": -0.14, "marketing": -0.02, "shop": 0.01, "support": -0.06, "web": -0.2}
REGIONS = ("DE", "AT", "CH", "FR", "GB", "US", "JP")
ACTION = "Ask the source's team to require the field at entry"


def trend(score: float, seed: int, days: int = 42) -> tuple[tuple[dt.date, float], ...]:
    """Return a trend that ends at the score."""
    first = TODAY.date() - dt.timedelta(days=days - 1)
    waves = [0.004 * math.sin((i + seed) * 0.9) + 0.003 * math.sin((i * 7 + seed) * 0.31) for i in range(days)]
    fall = [0.012 if seed % 3 == 0 and i > days - 6 else 0.0 for i in range(days)]
    return tuple((first + dt.timedelta(days=i), min(score + waves[i] - waves[-1] - fall[i] + fall[-1], 1.0)) for i in range(days))


def measured(name: str, score: float, seed: int, failed: int = 1200, owner: str | None = None) -> Measured:
    """Return a score with its trend."""
    return Measured(name, score, failed, failed * 0.35, owner, trend(score, seed))


def incident(kind: str, subject: str, source: str, owner: str, about: str | None, message: str) -> IncidentLine:
    """Return an open incident."""
    opened = TODAY - dt.timedelta(days=len(message) % 4)
    return IncidentLine(
        f"I{abs(hash(message)) % 10**8}",
        kind,
        subject,
        source,
        owner,
        "stops" if kind == "assertion" else "warns",
        opened,
        message,
        about,
        None if kind in ("volume", "freshness") else 4_218,
        None if kind in ("volume", "freshness") else 1_476.3,
    )


INCIDENTS = (
    incident(
        "score", "email_syntax", "web", "marketing-operations", "An e-mail address is written as one can be",
        "email_syntax in web: 81.20 % pass, at least 92.35 % was to be expected (since 2026-11-23)",
    ),
    incident(
        "drift", "phone_valid", "legacy_crm", "marketing-operations", "A phone number exists in its country's plan",
        "phone_valid in legacy_crm: 71.02 % pass, at least 73.40 % was to be expected; it has been slipping (since 2026-11-12)",
    ),
    incident(
        "volume", "erp", "(all)", "finance-master-data", None,
        "erp: 12,004 records, 40,610 to 42,977 were to be expected (since 2026-11-24)",
    ),
    incident(
        "freshness", "support", "(all)", "customer-service", None,
        "support: newest file 4.3 days old, at most 2.5 was to be expected (since 2026-11-22)",
    ),
)  # fmt: skip
EMPTY = Dashboard("20261124T061200-abc123", TODAY, "EUR", Measured("overall", None))


def sample() -> Dashboard:
    """Return a whole dashboard."""
    attributes = [
        measured(name, score, i, int((1 - score) * 40_000), owner) for i, (name, (owner, score)) in enumerate(ATTRIBUTES.items())
    ]
    cells = {
        (name, source): min(max(score + shift * (1 - score) * 4, 0.3), 1.0)
        for name, (_, score) in ATTRIBUTES.items()
        for source, shift in SOURCES.items()
        if (len(name) + len(source)) % 7
    }
    owners = sorted({owner for owner, _ in ATTRIBUTES.values()})
    open_of = {owner: sum(one.owner == owner for one in INCIDENTS) for owner in owners}
    dimensions = {"completeness": 0.931, "correctness": 0.957, "ageing": 0.884, "relevancy": 0.906}
    rules = [
        RuleLine(
            f"{name}_present", f"Every record that is to be contacted has a value for {name}", name, owner,
            "blocks" if i == 0 else "warns", 41_233, int((1 - score) * 40_000), (1 - score) * 14_000,
            tuple(f"{source}:{1000 + i * 37}" for source in ("crm", "web", "legacy_crm")), ACTION,
        )
        for i, (name, (owner, score)) in enumerate(sorted(ATTRIBUTES.items(), key=lambda item: item[1][1])[:8])
    ]  # fmt: skip
    return Dashboard(
        "20261124T061200-abc123",
        TODAY,
        "EUR",
        measured("overall", 0.9241, 3, 31_240),
        dimensions=tuple(measured(name, score, i, 5_000 + i * 900) for i, (name, score) in enumerate(dimensions.items())),
        attributes=tuple(sorted(attributes, key=lambda one: one.score or 0.0)),
        cells=cells,
        sources=tuple(measured(name, 0.93 + shift / 2, i, 2_000) for i, (name, shift) in enumerate(SOURCES.items())),
        regions=tuple(measured(name, 0.95 - i * 0.017, i + 2, 900 * (8 - i)) for i, name in enumerate(REGIONS)),
        owners=tuple(
            OwnerLine(measured(owner, 0.9 + i * 0.013, i + 1, 7_000 - 800 * i), open_of[owner]) for i, owner in enumerate(owners)
        ),
        incidents=INCIDENTS,
        closed_lately=3,
        rules=tuple(rules),
        set_aside=(
            SetAside("before reading", "web", "wrong_column_count", 41),
            SetAside("cleansing", "legacy_crm", "key_missing", 312),
            SetAside("rules", "web", "email_or_phone_present", 1_204),
        ),
        matching=(
            ("412,331", "source records"),
            ("301,877", "customers"),
            ("26.8 %", "of records are merged into another's customer"),
            ("41", "records in the largest customer"),
            ("228", "questions wait for a steward"),
        ),
        customers=trend(0.5, 1),
        gaps=tuple(
            GapLine(name, owner, 0.95, score, max(0.95 - score, 0.0), int((1 - score) * 40_000), (1 - score) * 14_000, (ACTION,))
            for name, (owner, score) in sorted(ATTRIBUTES.items(), key=lambda item: item[1][1])
        ),
    )  # fmt: skip
