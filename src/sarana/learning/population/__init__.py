"""Population, the place: protected tables of finished runs, and the map that says where to work; never a person."""
