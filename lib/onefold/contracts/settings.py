"""The base of every settings model: frozen, strict about unknown keys."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

__all__ = ["Settings"]


class Settings(BaseModel):
    """Immutable settings; an unknown key is an error, because a misspelt key that is ignored is a silent default."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=False)
