"""Forming groups that can really meet. See ``docs/formation.md``.

``problem`` says what is known, ``search.solve`` gives an ``answer``, ``rules`` and ``cost``
judge any answer, ``explain`` gives reasons, ``edit`` and ``join`` change an answer by hand.
"""
