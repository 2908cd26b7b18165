"""The small server: a review page for stewards, the list of decisions, and a question about one prospect."""

from onefold.web.app import Site, make_app
from onefold.web.server import Address, serve_site

__all__ = ["Address", "Site", "make_app", "serve_site"]
