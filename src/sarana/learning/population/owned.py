"""What an agency owns of this room: the protected tables of the runs that are its own."""

from django.db.models import Q

from sarana.ground.owned import Owned

OWNED = (
    Owned(
        "population.Run",
        "population-runs",
        "Its runs: what each was made of, from which day, and by which indicators.",
        lambda ref: Q(agency__ref=ref),
    ),
    Owned(
        "population.Figure",
        "population-areas",
        "What the protected tables of its runs say of each area, by group; what is empty was withheld.",
        lambda ref: Q(run__agency__ref=ref),
    ),
    Owned(
        "population.Indicator",
        "population-indicators",
        "The questions of which its runs tell.",
        lambda ref: Q(run__agency__ref=ref),
    ),
    Owned(
        "population.Answer",
        "population-answers",
        "Of how many people of an area an answer is known, and how many of these are in need.",
        lambda ref: Q(run__agency__ref=ref),
    ),
    Owned(
        "population.Better",
        "population-better",
        "Which subdistricts do better than their circumstances predict.",
        lambda ref: Q(run__agency__ref=ref),
    ),
    Owned(
        "population.MapFile",
        "population-files",
        "Files of maps that its people asked for: of which map, which part of it, when, and until when they lay there.",
        lambda ref: Q(agency__ref=ref),
    ),
)

NOT_OWNED = {"population.Drawing": "lines for the screen, made of the boundary file that the agency has"}
