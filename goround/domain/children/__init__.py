"""The children's session beside a meeting: who may collect, how many adults, which code."""
