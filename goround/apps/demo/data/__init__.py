"""The list of parents who wait in the demo, invented, on real streets of Los Angeles."""
