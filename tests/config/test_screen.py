import io

import msgspec
import pytest
from rich.console import Console

from sarana.config.commands.screen import Course, Screen, spoken
from sarana.methods.runs.receipts import Receipt


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.2, "under 1 s"), (1, "1 s"), (59.4, "59 s"), (200, "3 min 20 s"), (3900, "1 h 5 min"), (86_400, "24 h 0 min")],
)
def test_seconds_are_said_as_people_say_them(seconds: float, said: str) -> None:
    assert spoken(seconds) == said


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_what_is_left_follows_the_forecast_first_and_the_run_itself_later() -> None:
    clock = Clock()
    course = Course({"read": 10.0, "link": 90.0}, clock=clock)
    assert course.left == 100
    course.began("read")
    course.ended("read", skipped=False)
    clock.now = 20.0
    assert course.done == pytest.approx(0.1)
    assert course.left == pytest.approx(0.9 * 90 + 0.1 * 180)
    course.began("link")
    course.share = 0.5
    assert course.done == pytest.approx(0.55)
    course.ended("link", skipped=False)
    assert (course.done, course.left) == (1, 0)


def test_steps_done_before_are_no_work() -> None:
    course = Course({"read": 10.0, "link": 90.0}, clock=Clock())
    course.began("read")
    course.ended("read", skipped=True)
    assert course.done == 0
    assert course.left == 90


def test_weights_alone_say_nothing_of_what_is_left_at_first() -> None:
    clock = Clock()
    course = Course({"one": 1.0}, is_weight=True, clock=clock)
    assert course.left is None
    course.began("one")
    course.share = 0.5
    clock.now = 8.0
    assert course.left == 8


def test_a_bar_does_not_go_back_when_parts_of_parts_begin() -> None:
    text = io.StringIO()
    with Screen(Console(file=text, force_terminal=True, width=200), {"link": 1.0}) as screen:
        screen.began("link", 1, 1)
        screen.report(3, 4, "joining")
        screen.report(0, 100, "groups")
    assert " 75 %" in text.getvalue().rsplit("groups", 1)[1]


def receipt(step: str) -> Receipt:
    return Receipt(
        step=step,
        rows_in=1234,
        rows_out=1234,
        set_aside={},
        counts={},
        seconds=2.0,
        cpu_seconds=2.0,
        peak_memory_mib=1,
        threads=1,
        memory_mib=1,
        versions={},
        inputs={},
        outputs={},
        settings_hash="",
        settings=msgspec.Raw(b"null"),
    )


def test_without_a_terminal_each_step_is_one_plain_line() -> None:
    text = io.StringIO()
    with Screen(Console(file=text), {"read": 1.0, "link": 1.0}) as screen:
        screen.began("read", 1, 2)
        screen.report(1, 2, "health")
        screen.ended(receipt("read"), skipped=False)
        screen.began("link", 2, 2)
        screen.ended(receipt("link"), skipped=True)
    lines = text.getvalue().splitlines()
    assert lines[0].startswith("1 of 2, read: 1,234 rows out, 2 s [50% done, under 1 s gone")
    assert lines[1].startswith("2 of 2, link: was done before [100% done")
    assert len(lines) == 2
    assert "\x1b" not in text.getvalue()


def test_on_a_terminal_there_is_a_bar_that_leaves_the_steps_behind() -> None:
    text = io.StringIO()
    with Screen(Console(file=text, force_terminal=True, width=200), {"read": 1.0}) as screen:
        screen.began("read", 1, 1)
        screen.report(1, 2, "health [x]")
        screen.ended(receipt("read"), skipped=False)
    assert "1 of 1, read: 1,234 rows out" in text.getvalue()
    assert "\x1b[" in text.getvalue()
