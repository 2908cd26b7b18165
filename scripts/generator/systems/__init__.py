"""The eight systems: each module writes the same kind of record in the columns and styles of one of them."""

from generator.systems import crm, erp, events, legacy_crm, marketing, shop, support, web

__all__ = ["crm", "erp", "events", "legacy_crm", "marketing", "shop", "support", "web"]
