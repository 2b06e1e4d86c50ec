"""Invented names for people who lead. Parents in the demo have aliases, as in real life."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

FIRST_NAMES = """
Adela Alma Amparo Anahit Araceli Ava Beatriz Bianca Carmen Celia Dalia Denise Dolores Elena
Esperanza Estela Fatima Flora Gloria Graciela Hasmik Ines Irma Isela Jasmine Josefina Julia
Karen Lan Leticia Lidia Lourdes Lucia Luz Mabel Maribel Marisol Mei Mercedes Mireya Nadia
Naomi Nora Ofelia Paloma Patience Perla Ramona Raquel Rosario Ruth Salma Silvia Socorro
Sonia Susana Teresa Tomas Trinidad Valentina Veronica Virginia Xiomara Yesenia Yolanda Zaira
Arturo Benito Cesar Darnell Efrain Felix Gilbert Hector Ismael Joaquin Kofi Leonel Marcus
Nestor Omar Pablo Ramiro Samuel Tigran Wendell
"""
INITIALS = "ABCDEFGHJKLMNOPRSTVWZ"


def leaders(rng: Random) -> Iterator[str]:
    """First name and initial, no two alike until all are used."""
    names = [f"{first} {initial}." for first in FIRST_NAMES.split() for initial in INITIALS]
    rng.shuffle(names)
    while True:
        yield from names
