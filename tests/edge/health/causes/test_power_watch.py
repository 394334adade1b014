"""The supply: each thing is said once, and taken back."""

from edge.health.causes.power_watch import Gasp, PowerNews, PowerWatch
from edge.health.probing.ups import UpsState

MAINS = UpsState(is_on_battery=False, is_low=False, charge_share=1.0)
BATTERY = UpsState(is_on_battery=True, is_low=False, charge_share=0.5)
LOW = UpsState(is_on_battery=True, is_low=True)


def whats(news: PowerNews) -> list[str]:
    return [incident.what for incident in news.incidents]


def step(watch: PowerWatch, ups: UpsState | None, now_s: float = 0.0, weak: bool | None = None) -> PowerNews:
    return watch.step(now_s=now_s, ups=ups, is_under_voltage=weak)


def test_mains_lost_low_and_back_are_each_said_once() -> None:
    watch = PowerWatch()
    story = [step(watch, ups) for ups in (MAINS, BATTERY, BATTERY, LOW, None, LOW, BATTERY, MAINS, MAINS)]
    assert [whats(news) for news in story] == [
        [], ["mains-lost"], [], ["last-gasp"], [], [], [], ["mains-back"], [],
    ]  # fmt: skip
    assert [news.gasp for news in story if news.gasp is not Gasp.NOTHING] == [Gasp.SAY, Gasp.TAKE_BACK]
    assert story[1].incidents[0].detail == "battery 50%"


def test_a_low_battery_on_mains_is_no_gasp() -> None:
    assert step(PowerWatch(), UpsState(is_on_battery=False, is_low=True)) == PowerNews()


def test_an_agent_that_restarts_after_its_gasp_does_not_gasp_again_and_takes_it_back() -> None:
    watch = PowerWatch(has_gasped=True)
    assert step(watch, LOW).gasp is Gasp.NOTHING
    assert step(watch, MAINS).gasp is Gasp.TAKE_BACK


def test_a_voltage_at_the_limit_is_said_once_until_it_was_calm_for_a_minute() -> None:
    watch = PowerWatch()
    story = [
        whats(step(watch, None, now_s, weak))
        for now_s, weak in (
            (0, False),
            (5, True),
            (10, False),
            (15, True),
            (70, False),
            (76, False),
            (80, None),
        )
    ]
    assert story == [[], ["under-voltage"], [], [], [], ["voltage-back"], []]
