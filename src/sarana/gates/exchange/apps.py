"""The exchange as a part of Django."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """In and out of the house."""

    name = "sarana.gates.exchange"
    label = "exchange"
