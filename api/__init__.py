"""KDT for the browser and for programs, above `kdt` and nothing else."""
