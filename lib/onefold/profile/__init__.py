"""What the data are like: profiles of tables and files, their comparison, and the as-is map of attributes by source."""

from onefold.profile.profile import profile_table
from onefold.profile.report import ColumnProfile, Counted, Personal, TableProfile
from onefold.profile.settings import ProfileSettings

__all__ = ["ColumnProfile", "Counted", "Personal", "ProfileSettings", "TableProfile", "profile_table"]
