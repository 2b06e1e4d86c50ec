"""``goround form`` as somebody at a terminal meets it: files in, files out, exit status."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from goround.config.form_command import nearness
from goround.domain.matching.answer import Answer
from goround.domain.privacy.spreadsheet import safe

SHARED = Path(__file__).resolve().parent.parent.parent / "shared" / "formation"
LA = SHARED / "data" / "la-414"

PARENTS = "id,lat,lon,children,languages,available,modes,together,apart\n"
VENUES = "id,name,mode,lat,lon,slots,rooms\nhall,Hall,in-person,34.05,-118.25,mon 18:00-20:00,1\n"


def row(name: str, **cells: str) -> str:
    """A parent near the hall who is free on Monday evening."""
    full = {
        "id": name,
        "lat": "34.05",
        "lon": "-118.25",
        "children": "3",
        "languages": "en",
        "available": "mon 17:00-21:00",
        "modes": "",
        "together": "",
        "apart": "",
    } | cells
    return ",".join(full.values()) + "\n"


FOUR = "".join(row(name) for name in ("ana", "bea", "cem", "dee"))


@pytest.fixture
def form(tmp_path):
    """Run the command on these files' texts; the answer goes to ``tmp_path / "out"``."""

    def run(
        parents: str, venues: str = VENUES, *more: str, encoding: str = "utf-8"
    ) -> subprocess.CompletedProcess[str]:
        (tmp_path / "p.csv").write_text(parents, encoding=encoding)
        (tmp_path / "v.csv").write_text(venues, encoding="utf-8")
        command = [sys.executable, "-m", "goround.config.command", "form", "p.csv", "v.csv"]
        options = ["--seconds", "1", "--out", "out", *more]
        return subprocess.run(
            [*command, *options],
            check=False,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=120,
        )

    return run


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_form_writes_the_four_files(form, tmp_path):
    done = form(PARENTS + FOUR)

    out = tmp_path / "out"
    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(path.name for path in out.iterdir()) == [
        "groups.csv",
        "placements.csv",
        "summary.json",
        "unplaced.csv",
    ]
    (group,) = rows(out / "groups.csv")
    assert (group["venue"], group["slot"], group["language"]) == ("hall", "mon 18:00-20:00", "en")
    assert {row["parent"] for row in rows(out / "placements.csv")} == {"ana", "bea", "cem", "dee"}
    assert rows(out / "unplaced.csv") == []
    summary = json.loads((out / "summary.json").read_text())
    assert set(summary) == {
        "placed",
        "unplaced",
        "groups",
        "cost",
        "lower_bound",
        "seconds",
        "seed",
        "peak_mb",
    }
    assert (summary["placed"], summary["unplaced"], summary["groups"]) == (4, 0, 1)


def test_form_leaves_out_bad_rows_and_names_them(form, tmp_path):
    done = form(PARENTS + FOUR + row("eva", lat="north") + row("fay", available="mon 23:00-01:00"))

    assert done.returncode == 0
    rejected = rows(tmp_path / "out" / "rejected.csv")
    assert [(r["file"], r["line"], r["column"], r["id"]) for r in rejected] == [
        ("parents.csv", "6", "lat", "eva"),
        ("parents.csv", "7", "available", "fay"),
    ]
    assert "parents.csv, line 6, lat" in done.stderr
    assert json.loads((tmp_path / "out" / "summary.json").read_text())["placed"] == 4


def test_form_repeats_no_cell_that_a_spreadsheet_would_carry_out(form, tmp_path):
    """What a cell said stands in quotation marks. Of an id the checker of answers needs each
    letter, here as in ``placements.csv``."""
    form(PARENTS + FOUR + row("=1+1", lat="=1+1") + row("eva", available="=1+1"))

    rejected = rows(tmp_path / "out" / "rejected.csv")
    assert [r["id"] for r in rejected] == ["=1+1", "eva"]
    assert [r["reason"] for r in rejected] == [safe(r["reason"]) for r in rejected]
    assert all("=1+1" in r["reason"] for r in rejected)


def test_form_strict_refuses_all_for_one_bad_row(form, tmp_path):
    done = form(PARENTS + FOUR + row("eva", lat="north"), VENUES, "--strict")

    assert done.returncode == 2
    assert "parents.csv, line 6, lat" in done.stderr
    assert not (tmp_path / "out").exists()


def test_form_rejects_every_row_of_a_doubled_id(form, tmp_path):
    form(PARENTS + FOUR + row("ana"))

    rejected = rows(tmp_path / "out" / "rejected.csv")
    assert [(r["line"], r["id"]) for r in rejected] == [("2", "ana"), ("6", "ana")]


@pytest.mark.parametrize(
    ("parents", "said"),
    [
        ("", "empty"),
        ("id,lat,lon,languages\n", "available"),
        (PARENTS + row("ana", together="bea", apart="bea") + row("bea"), "ana and bea"),
    ],
)
def test_form_refuses_what_it_cannot_use(form, tmp_path, parents, said):
    done = form(parents)

    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_form_refuses_text_that_is_not_utf8(form, tmp_path):
    done = form(PARENTS + row("josé"), encoding="latin-1")

    assert done.returncode == 2
    assert "UTF-8" in done.stderr
    assert not (tmp_path / "out").exists()


def test_form_refuses_a_policy_with_an_unknown_key(form, tmp_path):
    (tmp_path / "policy.toml").write_text("size_mim = 3\n")

    done = form(PARENTS + FOUR, VENUES, "--policy", "policy.toml")

    assert done.returncode == 2
    assert "size_mim" in done.stderr


def test_form_takes_sizes_from_the_policy(form, tmp_path):
    (tmp_path / "policy.toml").write_text("size_min = 2\nsize_max = 3\n")

    form(PARENTS + FOUR, VENUES, "--policy", "policy.toml")

    assert json.loads((tmp_path / "out" / "summary.json").read_text())["placed"] == 3


def test_form_names_a_missing_file(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "goround.config.command", "form", "p.csv", "v.csv", "--out", "out"],
        check=False,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert done.returncode == 2
    assert done.stderr == "goround form: p.csv: No such file or directory.\n"


@pytest.mark.parametrize("options", [["--seconds", "nan"], ["--seconds", "-1"], ["--seed", "x"]])
def test_form_refuses_odd_options(form, tmp_path, options):
    done = form(PARENTS + FOUR, VENUES, *options)

    assert done.returncode == 2
    assert "should be" in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.skipif(not LA.exists(), reason="../shared/formation is not beside this checkout")
@pytest.mark.parametrize("facilitators", [False, True])
def test_form_answer_on_la_414_passes_the_independent_checker(tmp_path, facilitators):
    lists = [str(LA / "parents.csv"), str(LA / "venues.csv")]
    led = ["--facilitators", str(LA / "facilitators.csv")] if facilitators else []
    command = [sys.executable, "-m", "goround.config.command", "form", *lists, *led]

    subprocess.run([*command, "--seconds", "5", "--out", str(tmp_path)], check=True, timeout=200)
    check = [sys.executable, str(SHARED / "check_formation.py"), *lists, str(tmp_path), *led]
    checked = subprocess.run(check, check=False, capture_output=True, text=True, timeout=60)

    figures = json.loads(checked.stdout.splitlines()[-1])
    assert (checked.returncode, figures["broken"]) == (0, 0), checked.stdout
    # A plain greedy places 278 with two facilitators each.
    assert figures["placed"] > 278


def test_a_file_that_cannot_be_read_is_named_once(form):
    done = form("")

    assert done.returncode == 2
    assert done.stderr == (
        "goround form: p.csv is empty; its first line should name the columns.\n"
    )


@pytest.mark.parametrize(
    ("bound", "said"),
    [
        (None, ""),
        (200.0, " (no better groups are possible)"),
        (195.9, " (at most 2.1 % from the best possible)"),
    ],
)
def test_form_says_how_near_the_best_its_groups_are(bound, said):
    answer = Answer((), (), cost=200.0, lower_bound=bound, seed=1, seconds=1.0)

    assert nearness(answer) == said
