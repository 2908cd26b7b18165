"""What uses an attribute is read from the configuration."""

from __future__ import annotations

from pathlib import Path

from onefold.config import load_project
from onefold.profile.mapped import mapped_columns
from onefold.profile.uses import Configured, uses_of

CONF = Path(__file__).resolve().parents[3] / "conf" / "examples" / "demo"


def test_the_demo_says_who_uses_what() -> None:
    project = load_project(CONF, ["DATA=data"])
    rules = [("email_syntax", "email")]
    parts = (project.blocking, project.comparisons, project.clustering, project.survivorship)
    uses = uses_of(Configured(*parts, project.audiences, rules))
    assert "blocking person email" in uses["email"]
    assert "comparison company domain" in uses["email"]
    assert "quality rule email_syntax" in uses["email"]
    assert "audience newsletter_dach (contact)" in uses["email"]
    assert "audience newsletter_dach (filter)" in uses["country"]
    assert "audience newsletter_dach (consent)" in uses["consent email"]
    assert "contradiction company" in uses["duns"]
    assert uses["birth_date"][-1].startswith("survivorship person (validated_first")
    assert "comparison person given_name" in uses["family_name"]  # swapped with it
    assert "job_title" not in uses


def test_raw_columns_are_found_through_the_mapping() -> None:
    project = load_project(CONF, ["DATA=data"])
    sources = {source.source: mapped_columns(source) for source in project.sources}
    crm = sources["crm"]
    assert crm["email"] == ("email", "email_2")
    assert crm["street"] == ("street", "street_2")
    assert crm["registration_number"] == ("registration_no",)
    assert crm["consent email"] == ("email_opt_in",)
    assert crm["job_title"] == ("job_title",)
    assert any(name.startswith("interaction.") for name in sources["shop_orders"])
