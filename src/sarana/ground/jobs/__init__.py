"""Long work: it waits, runs in steps, is watched, stopped and gone on with, and survives whatever kills its worker."""
