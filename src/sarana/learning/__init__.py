"""From records to knowledge: what the house learns, so that help goes where it is needed."""
