"""Beside Western digits Arabic has a point, and commas between thousands, as CLDR says.

Ages are typed and told with the same sign: 0.5.
"""

DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
