"""What leaves the record on request: to the person a case is about (AVG), and to the public (Woo).

The product draws up what there is, what is left out and why; people decide, and hand over.
"""
