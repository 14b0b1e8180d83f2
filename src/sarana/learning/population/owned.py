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
        "population.Sector",
        "population-sectors",
        "The sectors of which its runs tell, and the questions of each.",
        lambda ref: Q(run__agency__ref=ref),
    ),
    Owned(
        "population.SectorAnswer",
        "population-sector-answers",
        "Of how many people of an area a sector knows, and how many of these have a gravest answer.",
        lambda ref: Q(run__agency__ref=ref),
    ),
    Owned(
        "population.Better",
        "population-better",
        "Which subdistricts do better than their circumstances predict.",
        lambda ref: Q(run__agency__ref=ref),
    ),
    Owned(
        "population.BackTest",
        "population-back-tests",
        "What back-tests of its runs let out: the verdict, and protected counts.",
        lambda ref: Q(run__agency__ref=ref),
    ),
    Owned(
        "population.Source",
        "population-sources",
        "The sources that it registered: who keeps each, by which right, and from which day it is.",
        lambda ref: Q(agency__ref=ref),
    ),
    Owned(
        "population.HandedFile",
        "population-source-files",
        "Which files were handed over for its sources, and when; what they say is not in here.",
        lambda ref: Q(source__agency__ref=ref),
    ),
    Owned(
        "population.Profile",
        "population-profiles",
        "What the files of its sources were like, in counts.",
        lambda ref: Q(source__agency__ref=ref),
    ),
    Owned(
        "population.Update",
        "population-updates",
        "The yearly updates that it asked for: of which sources, from which day, by which indicators.",
        lambda ref: Q(agency__ref=ref),
    ),
    Owned(
        "population.BoundaryFile",
        "population-boundaries",
        "The boundary files that it brought: who drew each, what was found in it, and which one is in force.",
        lambda ref: Q(agency__ref=ref),
    ),
    Owned(
        "population.CodeMeaning",
        "population-codes",
        "What it said that codes of its files mean.",
        lambda ref: Q(source__agency__ref=ref),
    ),
    Owned(
        "population.Station",
        "population-stations",
        "With which key it signs what it hands to the nation, since when, and until when.",
        lambda ref: Q(agency__ref=ref),
    ),
    Owned(
        "population.Pair",
        "population-pairs",
        "The pairs of its runs that people judge, by their place in the queue; of whom they are is not in here.",
        lambda ref: Q(run__agency__ref=ref),
    ),
    Owned(
        "population.AlsoAsked",
        "population-pairs-also-asked",
        "Who else said that a row of the people of such a pair is of somebody else, and so does not judge it.",
        lambda ref: Q(pair__run__agency__ref=ref),
    ),
    Owned(
        "population.Judgement",
        "population-judgements",
        "What was judged of pairs of its runs, when and by whom; the rows are named sealed, for its own keys alone.",
        lambda ref: Q(pair__run__agency__ref=ref),
    ),
    Owned(
        "population.Batch",
        "population-pairs-decided",
        "Decisions on many sure pairs at once.",
        lambda ref: Q(run__agency__ref=ref),
    ),
    Owned(
        "population.FileColumns",
        "population-columns",
        "What the columns of its files looked like: headers, masked shapes, codes of short lists.",
        lambda ref: Q(source__agency__ref=ref),
    ),
    Owned(
        "population.ColumnSaid",
        "population-columns-said",
        "Which column of its files stands for which of the layout.",
        lambda ref: Q(source__agency__ref=ref),
    ),
    Owned(
        "population.Holding",
        "population-holdings",
        "Which office holds which register, whether its file may be had, and who refused it and why.",
        lambda ref: Q(agency__ref=ref),
    ),
    Owned(
        "population.OwnSet",
        "population-sets",
        "The versions of its own indicator sets: each rule, who proposed and who agreed.",
        lambda ref: Q(agency__ref=ref),
    ),
    Owned(
        "population.SetNote",
        "population-set-notes",
        "What its people said of indicator sets, and where that is written.",
        lambda ref: Q(agency__ref=ref),
    ),
    Owned(
        "population.SetEffect",
        "population-set-effects",
        "What its own sets would have changed on a run; no count in it is exact.",
        lambda ref: Q(own__agency__ref=ref),
    ),
    Owned(
        "population.Activity",
        "population-activities",
        "Activities that it wrote down: organiser, area, period, group, how many were reached, and the cost.",
        lambda ref: Q(agency__ref=ref),
    ),
    Owned(
        "population.MapFile",
        "population-files",
        "Files of maps that its people asked for: of which map, which part of it, when, and until when they lay there.",
        lambda ref: Q(agency__ref=ref),
    ),
    Owned(
        "population.Correction",
        "population-corrections",
        "Corrections and objections that its people wrote down, and how each was settled; their words stay sealed.",
        lambda ref: Q(agency__ref=ref),
    ),
)

NOT_OWNED = {"population.Drawing": "lines for the screen, made of the boundary file that the agency has"}
