"""The API for programs: JSON, by the NLGov REST API Design Rules 2.2."""

# Of the API, not of the product: a client may count on it as semantic versioning says.
VERSION = "1.0.0"
