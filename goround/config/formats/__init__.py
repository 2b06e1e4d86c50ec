"""How figures are written where Django knows it otherwise than we need it."""
