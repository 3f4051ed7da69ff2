"""The example year: an invented history that the product's own import plays in."""
