"""What every table is: name, schema, key, comments, owner and personal-data class, declared once."""

from onefold.contracts.settings import Settings
from onefold.contracts.table import ColumnContract, PersonalData, TableContract, column

__all__ = ["ColumnContract", "PersonalData", "Settings", "TableContract", "column"]
