"""The year of a province: the guide of the one officer, what is asked for from whom, and activities."""
