"""Linkage: which rows of which registers are one person, how sure that is, and why."""

from sarana.methods.linkage.link import link_rows
from sarana.methods.linkage.settings import LinkSettings

__all__ = ["LinkSettings", "link_rows"]
