"""The catalogue of measures: what every number of KDT counts, by which rules, with an example."""
