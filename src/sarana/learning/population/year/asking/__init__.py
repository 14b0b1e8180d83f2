"""Before a file is asked for: which office holds which register, whether it may be had, and what comes next."""
