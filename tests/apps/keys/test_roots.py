from __future__ import annotations

import os
import subprocess
import sys

import pytest

from goround.apps.keys.roots import KeyTrouble, derived, make_key_file, root_keys
from goround.domain.privacy.key_file import key_file_text


def test_outside_production_the_key_file_makes_itself(key_file):
    ring = root_keys()

    assert list(ring.roots) == ["first"]
    assert key_file.stat().st_mode & 0o777 == 0o600
    assert key_file.parent.stat().st_mode & 0o777 == 0o700
    assert [path.name for path in key_file.parent.iterdir()] == ["root.key"]
    assert root_keys() == ring


def test_production_makes_no_key_file_and_says_how(key_file, settings):
    settings.PRODUCTION = True

    with pytest.raises(KeyTrouble, match=r"(?s)GOROUND_KEY_FILE.*goround keys new"):
        root_keys()

    assert not key_file.exists()


def test_production_names_the_setting_that_is_missing(tmp_path):
    answer = subprocess.run(
        [sys.executable, "-m", "goround.config.command", "check"],
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.pathsep.join(sys.path),
            "GOROUND_ENV": "production",
            "GOROUND_SECRET_KEY": "k" * 60,
            "GOROUND_DATA_DIR": str(tmp_path),
        },
        capture_output=True,
        text=True,
        check=False,
    )

    assert answer.returncode == 1
    assert "GOROUND_KEY_FILE is not set" in answer.stderr
    assert "goround keys new" in answer.stderr


def test_a_key_file_is_never_written_over(key_file):
    assert make_key_file(key_file)
    before = key_file.read_text()

    assert not make_key_file(key_file)
    assert key_file.read_text() == before


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_a_key_file_open_to_others_is_refused(key_file, mode):
    make_key_file(key_file)
    key_file.chmod(mode)

    with pytest.raises(KeyTrouble, match="chmod 600"):
        root_keys()


def test_a_spoilt_key_file_is_refused_without_showing_it(key_file):
    make_key_file(key_file)
    key_file.write_text(key_file.read_text()[:-20])

    with pytest.raises(KeyTrouble, match="line 5 holds no whole key") as refusal:
        root_keys()

    assert key_file.read_text().split()[-1] not in str(refusal.value)


def test_a_changed_key_file_is_read_again(key_file):
    ring = root_keys().with_newest("second", b"s" * 32)
    key_file.write_text(key_file_text(ring))

    assert list(root_keys().roots) == ["second", "first"]


def test_each_purpose_has_a_key_of_its_own(key_file):
    audit, totp = derived("audit"), derived("totp")

    assert len(audit) == len(totp) == 32
    assert audit != totp
    assert derived("audit") == audit


def test_derived_keys_outlast_the_root_keys(key_file):
    audit, ring = derived("audit"), root_keys()
    key_file.write_text(key_file_text(ring.with_newest("second", b"s" * 32).only_newest()))

    assert derived("audit") == audit


def test_another_key_file_derives_other_keys(key_file):
    audit = derived("audit")
    key_file.unlink()

    assert derived("audit") != audit
