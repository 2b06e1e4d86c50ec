"""Arabic with Western digits."""
