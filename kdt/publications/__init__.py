"""Publications: what leaves the house of the figures, rounded so that it points at nobody."""
