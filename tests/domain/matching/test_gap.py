import pytest

from goround.domain.matching.gap import gap


@pytest.mark.parametrize(
    ("cost", "bound", "expected"),
    [
        (2000.0, 1900.0, 0.05),
        (2000.0, 2000.0, 0.0),
        (2000.0, 1999.999, 0.0),  # what rounding took off the bound
        (2000.0, 1999.9, 5e-5),
        (2000.0, 2000.1, None),  # cheaper than any groups that keep the rules
        (2000.0, None, None),
        (0.0, 0.0, 0.0),
        (5.0, -5.0, 1.0),
    ],
)
def test_gap(cost, bound, expected):
    assert gap(cost, bound) == (expected if expected is None else pytest.approx(expected))
