"""From a study to its outcomes: the one place that imports SciPy and statsmodels.

Sources: Cumming (2012) for d_av; Hedges (1981) for its correction; Bonett (2008), Psychological
Methods 13, 99-109, for its interval; Jacobson & Truax (1991) for reliable change; Feldt (1965) for
alpha's interval; Bell & McCaffrey (2002) for few groups; Holm (1979) for several subscales.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from goround.domain.change.alpha import reliability
from goround.domain.change.clustered import clustered
from goround.domain.change.findings import Change, Doubt, Missing, Outcome
from goround.domain.change.mixed import mixed
from goround.domain.change.paired import effect, missing_people, paired
from goround.domain.change.shares import any_move, holm, reliable_move
from goround.domain.change.study import LEAST_PAIRS, Followed, Pair, Recalled, Study

# Fewer groups than this say too little about how groups vary to fit a model of it.
LEAST_GROUPS = 5


def outcomes(studies: Iterable[Study], *, least_pairs: int = LEAST_PAIRS) -> list[Outcome]:
    """Every subscale at each later wave, with p adjusted (Holm) over all that could be tested.

    Studies of the two designs may be given together: they are measured one by one, and adjusted
    with their own kind only.
    """
    found = [outcome for study in studies for outcome in _of_one(study, least_pairs)]
    tested = {
        (design, place): outcome.change.p
        for place, outcome in enumerate(found)
        if (design := outcome.design) and outcome.change and outcome.change.p is not None
    }
    for kind in {design for design, _place in tested}:
        places = [place for design, place in tested if design is kind]
        adjusted = holm([tested[kind, place] for place in places])
        for place, p in zip(places, adjusted, strict=True):
            found[place] = replace(found[place], adjusted_p=p)
    return found


def _of_one(study: Study, least_pairs: int) -> list[Outcome]:
    match study:
        case Recalled():
            return [_outcome(study, 1, study.pairs(), least_pairs=least_pairs)]
        case Followed():
            modelled = _modelled(study, least_pairs)
            return [
                _outcome(
                    study,
                    wave,
                    study.pairs(wave),
                    missing=missing_people(study.scores(0), study.scores(wave), least=least_pairs),
                    modelled=modelled.get(wave),
                    least_pairs=least_pairs,
                )
                for wave in study.later_waves
            ]


def _outcome(
    study: Study,
    wave: int,
    pairs: Sequence[Pair],
    *,
    missing: Missing | None = None,
    modelled: Change | Doubt | None = None,
    least_pairs: int,
) -> Outcome:
    groups = len({pair.group for pair in pairs})
    least = max(least_pairs, 2)
    bare = Outcome(study.subscale, study.design, wave, len(pairs), groups, least)
    if bare.too_few:
        return bare
    change = modelled if isinstance(modelled, Change) else mean_change(pairs, modelled)
    hangs = reliability(study.first_items(), least=least)
    return replace(
        bare,
        before=sum(pair.before for pair in pairs) / len(pairs),
        after=sum(pair.after for pair in pairs) / len(pairs),
        change=change,
        effect=effect(pairs, change),
        any_move=any_move(pairs),
        reliable_move=reliable_move(pairs, hangs.alpha) if hangs else None,
        reliability=hangs,
        missing=missing,
    )


def mean_change(pairs: Sequence[Pair], doubt: Doubt | None = None) -> Change:
    """The mean change of these pairs: by a mixed model of their groups where one can be had."""
    if len({pair.group for pair in pairs}) == 1:
        return replace(paired(pairs), doubt=doubt)
    if doubt is None:
        scores = [(p.person, p.group, 0, p.before) for p in pairs]
        scores += [(p.person, p.group, 1, p.after) for p in pairs]
        modelled = _model(scores)
        if isinstance(modelled, dict):
            return modelled[1]
        doubt = modelled
    return replace(clustered(pairs), doubt=doubt)


def _modelled(study: Followed, least_pairs: int) -> dict[int, Change | Doubt]:
    """What the one model of several waves says of each; empty where two waves are all there is."""
    waves = [wave for wave in study.later_waves if len(study.pairs(wave)) >= max(least_pairs, 2)]
    if len(waves) < 2:
        return {}
    group = {sitting.person: sitting.group for sitting in study.sittings}
    first = study.scores(0)
    known = {wave: study.scores(wave) for wave in waves}
    people = [person for person in sorted(first) if any(person in known[w] for w in waves)]
    scores = [(person, group[person], 0, first[person]) for person in people]
    scores += [
        (person, group[person], wave, known[wave][person])
        for wave in waves
        for person in people
        if person in known[wave]
    ]
    modelled = _model(scores)
    if isinstance(modelled, Doubt):
        return dict.fromkeys(waves, modelled)
    return dict(modelled)


def _model(scores: Sequence[tuple[int, int, int, float]]) -> dict[int, Change] | Doubt:
    if len({group for _person, group, _wave, _score in scores}) < LEAST_GROUPS:
        return Doubt.FEW_GROUPS
    return mixed(scores)
