"""From provinces to the nation: handing a run over as one signed file, taking such files in, and the whole country."""
