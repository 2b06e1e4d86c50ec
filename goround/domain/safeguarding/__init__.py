"""A worry about somebody's safety: the way it goes, and the dates that the law sets."""
