"""The go-round: everyone is heard, one at a time. docs/go-round.md tells the rules."""
