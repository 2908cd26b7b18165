"""Selects campaign audiences from gold: filters, consent, frequency caps, a reason for everyone left out."""

from onefold.campaign.audience import reasons_in_order, select_audience
from onefold.campaign.settings import AudienceSettings
from onefold.campaign.waterfall import WaterfallStep, first_reasons, waterfall

__all__ = ["AudienceSettings", "WaterfallStep", "first_reasons", "reasons_in_order", "select_audience", "waterfall"]
