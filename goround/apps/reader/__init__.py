"""Who reads the page: which language they chose, and how words stand together in it."""
