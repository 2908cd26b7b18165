"""YAML becomes frozen typed settings here, once, at the door."""

from onefold.config.load import load_project
from onefold.config.project import Project, Source

__all__ = ["Project", "Source", "load_project"]
