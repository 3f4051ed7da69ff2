"""Cases alike that were answered otherwise at one location than at another."""
