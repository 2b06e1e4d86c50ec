"""Our figures are R's, to the sixth place: as R printed them once, and as R prints them now."""

from __future__ import annotations

import csv
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from goround.domain.change import Change, Followed, Interval, Pair, Sitting
from goround.domain.change.alpha import reliability
from goround.domain.change.clustered import clustered
from goround.domain.change.measuring import outcomes
from goround.domain.change.paired import effect, hedges, missing_people, paired
from goround.domain.change.shares import holm, reliable_move

FOLDER = Path(__file__).parent / "reference"
PS = [0.001, 0.04, 0.03, 0.2, 0.012]


def rows(name: str) -> list[list[float]]:
    with (FOLDER / name).open(encoding="utf-8") as file:
        return [[float(cell) for cell in row] for row in list(csv.reader(file))[1:]]


def followed(name: str) -> Followed:
    return Followed(
        "s", tuple(Sitting(int(p), int(g), int(w), score) for p, g, w, score in rows(name))
    )


def read(printed: str) -> dict[str, float]:
    return {name: float(value) for name, value in map(str.split, printed.splitlines())}


def of_interval(name: str, interval: Interval | None) -> dict[str, float]:
    assert interval is not None
    return {f"{name}.low": interval.low, f"{name}.high": interval.high}


def of_change(name: str, change: Change | None) -> dict[str, float | None]:
    assert change is not None
    figures = {f"{name}.mean": change.mean, f"{name}.p": change.p, f"{name}.error": change.error}
    return figures | of_interval(name, change.interval)


def ours() -> dict[str, float | None]:
    """The figures by the names that reference.R gives them, and some that it does not give."""
    pairs = [Pair(int(person), 1, before, after) for person, before, after in rows("one_group.csv")]
    change = paired(pairs)
    size, moved = effect(pairs, change), reliable_move(pairs, 0.95)
    assert size and moved
    figures = of_change("paired", change)
    figures |= {"effect.value": size.value} | of_interval("effect", size.interval)
    figures |= {
        "reliable.margin": moved.margin,
        "reliable.improved": moved.improved,
        "reliable.worse": moved.worse,
    }
    for name, label in (("groups.csv", "mixed"), ("waves.csv", "waves")):
        for outcome in outcomes([followed(name)]):
            assert outcome.change and outcome.change.method == "mixed"
            figures |= of_change(f"{label}.{outcome.wave}", outcome.change)
    few = clustered(followed("few_groups.csv").pairs(1))
    figures |= of_change("clustered", few) | {"clustered.df": few.df}
    groups = followed("groups.csv")
    missing = missing_people(groups.scores(0), groups.scores(1), least=10)
    figures |= {f"missing.{part}": getattr(missing, part) for part in ("stayed", "missing", "p")}
    figures |= {"missing.difference": missing.difference} | of_interval("missing", missing.interval)
    hangs = reliability([tuple(row) for row in rows("items.csv")], least=10)
    assert hangs
    figures |= {"alpha.value": hangs.alpha} | of_interval("alpha", hangs.interval)
    return figures | {f"holm.{place}": p for place, p in enumerate(holm(PS), start=1)}


def assert_ours(theirs: dict[str, float]) -> None:
    figures = ours()
    wrong = {
        name: (value, figures[name])
        for name, value in theirs.items()
        if abs(value - (figures[name] or 0)) > 1e-6
    }
    assert len(theirs) == 43
    assert not wrong


def test_figures_are_those_r_printed() -> None:
    assert_ours(read((FOLDER / "recorded.txt").read_text(encoding="utf-8")))


def test_figures_are_those_r_prints_now() -> None:
    rscript = shutil.which("Rscript")
    if rscript is None:
        pytest.skip("R is not installed here; its recorded figures were compared")
    printed = subprocess.run(
        [rscript, str(FOLDER / "reference.R"), str(FOLDER)],
        capture_output=True,
        text=True,
        check=False,
    )
    if "there is no package called" in printed.stderr:
        pytest.skip("R has no lme4 here; its recorded figures were compared")

    assert_ours(read(printed.stdout))


def test_effect_is_the_published_example() -> None:
    """The example in the manual of statpsych's ci.stdmean.ps: sums of 25 pairs."""
    one, other = _with_moments(25, (110.4, 102.1), (15.3, 14.6), 0.75)
    pairs = [
        Pair(person, 1, before, after)
        for person, (before, after) in enumerate(zip(other.tolist(), one.tolist(), strict=True))
    ]

    found = effect(pairs, paired(pairs))

    assert found is not None
    j = hedges(24)
    assert found.value / j == pytest.approx(0.5550319, abs=1e-6)
    assert found.interval.low / j == pytest.approx(0.2394905, abs=1e-6)
    assert found.interval.high / j == pytest.approx(0.8705732, abs=1e-6)


def _with_moments(
    n: int, means: tuple[float, float], spreads: tuple[float, float], r: float
) -> tuple[np.ndarray, np.ndarray]:
    """Two columns whose means, spreads and correlation are exactly these."""
    basis, _upper = np.linalg.qr(
        np.column_stack([np.ones(n), np.random.default_rng(1).normal(size=(n, 2))])
    )
    x, y = basis[:, 1] * (n - 1) ** 0.5, basis[:, 2] * (n - 1) ** 0.5
    y = r * x + (1 - r**2) ** 0.5 * y
    return means[0] + spreads[0] * x, means[1] + spreads[1] * y
