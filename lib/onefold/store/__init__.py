"""The only room that opens sessions, writes tables and knows Delta."""

from onefold.store.release import read_released
from onefold.store.session import open_session, session_properties
from onefold.store.settings import SparkSettings, WarehouseSettings
from onefold.store.warehouse import Warehouse, Written

__all__ = ["SparkSettings", "Warehouse", "WarehouseSettings", "Written", "open_session", "read_released", "session_properties"]
