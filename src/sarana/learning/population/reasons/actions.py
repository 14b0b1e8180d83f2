"""Keeps what a run tells beside its table of areas, as a part of taking the run in."""

from sarana.learning.population.models import Run
from sarana.learning.population.reasons.models import Answer, Better, Indicator, Sector, SectorAnswer
from sarana.methods.population.protected_answers import MoreTold

BATCH = 500


def keep(run: Run, more: MoreTold) -> None:
    """Write its rows; the ledger line is that of the run, in the same transaction."""
    Indicator.objects.bulk_create(
        Indicator(
            run=run,
            key=one.key,
            name=one.name[:300],
            sector=one.sector[:120],
            strength=one.strength[:120],
            strength_local=one.strength_local[:120],
            position=position,
        )
        for position, one in enumerate(more.asked)
    )
    Answer.objects.bulk_create(
        (
            Answer(
                run=run, level=line.level, code=line.code, key=line.indicator, n_known=line.n_known, n_need=line.n_need
            )
            for line in more.answers
        ),
        batch_size=BATCH,
    )
    Sector.objects.bulk_create(
        Sector(
            run=run,
            key=one.key[:120],
            name=one.name[:120],
            known_by=one.known_by,
            questions=dict(one.questions),
            position=position,
        )
        for position, one in enumerate(more.sectors)
    )
    SectorAnswer.objects.bulk_create(
        (
            SectorAnswer(
                run=run,
                level=line.level,
                code=line.code,
                key=line.sector[:120],
                n_known=line.n_known,
                n_gravest=line.n_gravest,
            )
            for line in more.of_sectors
        ),
        batch_size=BATCH,
    )
    Better.objects.bulk_create(
        (Better(run=run, code=line.code, is_better=line.is_better) for line in more.better),
        batch_size=BATCH,
    )
