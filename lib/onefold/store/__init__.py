"""The only room that opens sessions, writes tables and knows Delta."""

from onefold.store.session import open_session, session_properties
from onefold.store.settings import SparkSettings
from onefold.store.warehouse import Warehouse, Written

__all__ = ["SparkSettings", "Warehouse", "Written", "open_session", "session_properties"]
