"""Surveys: instruments as data, how answers are scored, and which of them belong together."""

from goround.domain.surveys.pairing import (
    Design,
    DesignsMixed,
    PairSet,
    ScoredPair,
    ScoredResponse,
    WaveKind,
    pair,
)
from goround.domain.surveys.read import InstrumentError, read_instrument
from goround.domain.surveys.schema import Instrument, Item, Mark, Part, Rights, Scale, State
from goround.domain.surveys.scoring import Answer, Answers, Score, items_turned, score
from goround.domain.surveys.writing import write_instrument

__all__ = [
    "Answer",
    "Answers",
    "Design",
    "DesignsMixed",
    "Instrument",
    "InstrumentError",
    "Item",
    "Mark",
    "PairSet",
    "Part",
    "Rights",
    "Scale",
    "Score",
    "ScoredPair",
    "ScoredResponse",
    "State",
    "WaveKind",
    "items_turned",
    "pair",
    "read_instrument",
    "score",
    "write_instrument",
]
