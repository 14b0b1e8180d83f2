"""For what people may be looked at: read by all, kept by data custodians, stated by whoever looks."""
