"""The search's inner loops, in the part of Python that numba compiles.

Every function takes the one ``Tables`` first, works on flat arrays and allocates nothing.
``compiled.kernels`` hands them out compiled or as they are; both give the same numbers.
"""
