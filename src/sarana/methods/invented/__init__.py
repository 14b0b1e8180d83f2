"""Invented provinces: people who do not exist, in the files sectors would hand over, with the truth beside them."""

from sarana.methods.invented.province import invent_province
from sarana.methods.invented.register_files import invent_registers
from sarana.methods.invented.settings import ProvinceSettings

__all__ = ["ProvinceSettings", "invent_province", "invent_registers"]
