"""What is rising: a weekly look at the rode draden for more cases than chance brings."""
