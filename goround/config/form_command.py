"""``goround form``: files in, groups out, no database. The formats are in docs/formation.md."""

from __future__ import annotations

import argparse
import contextlib
import math
import resource
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import FrameType
from typing import TypeVar

from goround.domain.matching import files
from goround.domain.matching.answer import Answer
from goround.domain.matching.gap import gap
from goround.domain.matching.people import contradictions
from goround.domain.matching.problem import Facilitator, Parent, Policy, Problem, Venue

DONE, UNUSABLE = 0, 2
FACILITATORS_PER_GROUP = 2
NAMED_AT_MOST = 20

Row = TypeVar("Row", Parent, Venue, Facilitator)


class InputUnusable(Exception):
    """The input cannot be used; the text says why, for the person at the keyboard."""


@dataclass(frozen=True)
class Input:
    problem: Problem
    rejected: list[files.RowProblem]


def main(arguments: Sequence[str]) -> int:
    """Form groups. Returns 0 when done, 2 when the input is unusable and nothing was written."""
    options = _read_options(arguments)
    began = time.monotonic()
    try:
        read = _read_input(options)
        folder = _writable(options.out)
        answer = _solve(read.problem, options)
        answer = replace(answer, seconds=time.monotonic() - began)
        _write(folder, answer, read.rejected)
    except InputUnusable as why:
        print(f"goround form: {why}", file=sys.stderr)
        return UNUSABLE
    except OSError as error:
        print(f"goround form: {error.filename}: {error.strerror}.", file=sys.stderr)
        return UNUSABLE
    _say(answer, read.rejected, options.out)
    return DONE


def _read_options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="goround form",
        description="Form groups of parents who can really meet, from lists in files.",
    )
    parser.add_argument("parents", type=Path, help="who waits: parents.csv")
    parser.add_argument("venues", type=Path, help="where and when groups can meet: venues.csv")
    parser.add_argument("--facilitators", type=Path, help="who can lead: facilitators.csv")
    parser.add_argument("--postcodes", type=Path, help="a table of postcode,lat,lon")
    parser.add_argument("--policy", type=Path, help="sizes and weights, TOML")
    parser.add_argument("--seconds", type=_seconds, default=20.0, help="how long to search (20)")
    parser.add_argument("--seed", type=_seed, default=1, help="the search's random seed (1)")
    parser.add_argument("--strict", action="store_true", help="refuse the lists for one bad row")
    parser.add_argument("--progress", action=argparse.BooleanOptionalAction, default=None)
    parser.add_argument("--out", type=Path, required=True, help="the folder for the answer")
    return parser.parse_args(arguments)


def _seconds(text: str) -> float:
    with contextlib.suppress(ValueError):
        if 0 <= float(text) < math.inf:
            return float(text)
    raise argparse.ArgumentTypeError(f"{text!r} should be a number of seconds, 0 or more")


def _seed(text: str) -> int:
    with contextlib.suppress(ValueError):
        if 0 <= int(text) < 2**32:
            return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} should be a whole number from 0 to {2**32 - 1}")


def _read_input(options: argparse.Namespace) -> Input:
    postcodes = _file(options.postcodes, files.read_postcodes) if options.postcodes else None
    parents = _file(options.parents, partial(files.read_parents, postcodes=postcodes))
    venues = _file(options.venues, files.read_venues)
    leaders = files.Read[Facilitator]()
    if options.facilitators:
        leaders = _file(options.facilitators, files.read_facilitators)
    rejected = [
        *_called(options.parents, parents.problems, "parents"),
        *_called(options.venues, venues.problems, "venues"),
        *_called(options.facilitators, leaders.problems, "facilitators"),
    ]
    if options.strict and rejected:
        raise InputUnusable(
            f"bad rows, and --strict was given; nothing was written.\n{_listed(rejected)}"
        )
    problem = Problem(
        tuple(parents.rows), tuple(venues.rows), tuple(leaders.rows), _policy(options)
    )
    _refuse_contradictions(problem)
    return Input(problem, rejected)


Parsed = TypeVar("Parsed")


def _file(path: Path, parse: Callable[..., Parsed]) -> Parsed:
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            return parse(lines, file=str(path))
    except UnicodeDecodeError:
        raise InputUnusable(
            f"{path} is not a UTF-8 text file. Save it as CSV with UTF-8 encoding."
        ) from None
    except files.HeaderError as error:
        raise InputUnusable(f"{error}.") from None


def _called(
    path: Path | None, problems: list[files.RowProblem], kind: str
) -> list[files.RowProblem]:
    """The problems under the name of the kind of list, whatever the file is called."""
    return [replace(problem, file=f"{kind}.csv") for problem in problems] if path else []


def _policy(options: argparse.Namespace) -> Policy:
    default = Policy(facilitators=FACILITATORS_PER_GROUP if options.facilitators else 0)
    if not options.policy:
        return default
    try:
        text = options.policy.read_text(encoding="utf-8-sig")
        return files.read_policy(text, default=default, file=str(options.policy))
    except UnicodeDecodeError:
        raise InputUnusable(f"{options.policy} is not a UTF-8 text file.") from None
    except files.PolicyError as error:
        raise InputUnusable(f"{error}.") from None


def _refuse_contradictions(problem: Problem) -> None:
    pairs = contradictions(problem)
    if pairs:
        named = "; ".join(f"{one} and {two}" for one, two in pairs[:NAMED_AT_MOST])
        raise InputUnusable(
            f"some parents are to be both together and apart: {named}. Nothing was written. "
            "Correct `together` or `apart` of these and try again."
        )


def _writable(folder: Path) -> Path:
    if folder.exists() and not folder.is_dir():
        raise InputUnusable(f"--out {folder} is a file; it must be a folder.")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _solve(problem: Problem, options: argparse.Namespace) -> Answer:
    """Search for the time given; Ctrl-C ends it early and keeps the best so far."""
    # Loading the search takes a moment, and bad input should not wait for it.
    from goround.domain.matching.search import Progress, solve  # noqa: PLC0415

    show = sys.stderr.isatty() if options.progress is None else options.progress
    stopped: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        stopped.append(number)
        signal.signal(signal.SIGINT, before)

    def tell(progress: Progress) -> bool:
        if show:
            sys.stderr.write(
                f"\r{progress.seconds:6.1f} s  {progress.phase:<10}  "
                f"{progress.placed} of {progress.total} placed, cost {progress.cost:,.1f}   "
            )
            sys.stderr.flush()
        return not stopped

    before = signal.signal(signal.SIGINT, stop)
    try:
        return solve(problem, seconds=options.seconds, seed=options.seed, progress=tell)
    finally:
        signal.signal(signal.SIGINT, before)
        if show:
            sys.stderr.write("\n")


def _write(folder: Path, answer: Answer, rejected: list[files.RowProblem]) -> None:
    texts = {
        "groups.csv": files.groups_csv(answer),
        "placements.csv": files.placements_csv(answer),
        "unplaced.csv": files.unplaced_csv(answer),
        "rejected.csv": files.rejected_csv(rejected) if rejected else None,
        "summary.json": files.summary_json(answer, peak_mb=_peak_mb()),
    }
    for name, text in texts.items():
        if text is None:
            (folder / name).unlink(missing_ok=True)
        else:
            part = folder / f"{name}.part"
            part.write_text(text, encoding="utf-8", newline="")
            part.replace(folder / name)


def _peak_mb() -> float:
    """The most memory this process held so far. Linux counts in KiB, macOS in bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


def _say(answer: Answer, rejected: list[files.RowProblem], folder: Path) -> None:
    total = answer.placed + len(answer.unplaced)
    print(
        f"{answer.placed} of {total} parents in {len(answer.groups)} groups, "
        f"cost {answer.cost:,.1f}{nearness(answer)}, in {answer.seconds:.1f} s. "
        f"The answer is in {folder}."
    )
    if rejected:
        print(f"{_listed(rejected)}\nThese rows were left out: rejected.csv.", file=sys.stderr)


def nearness(answer: Answer) -> str:
    """How far from the best possible, at most; rounded up, since it is a promise."""
    share = gap(answer.cost, answer.lower_bound)
    if share is None:
        return ""
    if share == 0:
        return " (no better groups are possible)"
    return f" (at most {math.ceil(1000 * share) / 10:.1f} % from the best possible)"


def _listed(rejected: list[files.RowProblem]) -> str:
    lines = [
        f"{row.file}, line {row.line}, {row.column or 'whole row'}: {row.reason}"
        for row in rejected[:NAMED_AT_MOST]
    ]
    more = len(rejected) - NAMED_AT_MOST
    return "\n".join([*lines, f"… and {more} more"] if more > 0 else lines)
