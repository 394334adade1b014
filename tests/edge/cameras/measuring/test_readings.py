"""Words for the picture of a technician."""

from edge.cameras.measuring.readings import Readings
from edge.vision.measures.meter import Measured
from edge.vision.measures.zones import ZoneNow
from edge.wire.records.bodies import CrowdLevel, FlowLevel, GaugeReading, GaugeState


def test_each_zone_and_gauge_has_a_word_and_the_water_its_line() -> None:
    readings = Readings()
    read = GaugeReading(camera="c", gauge="g", state=GaugeState.READ, level_m=1.234, spread_m=0.01)
    readings.take(
        Measured(
            zones=(
                ZoneNow("jalan", True, 0.42, flow=FlowLevel.JAM),
                ZoneNow("alun", True, 0.1, crowd=CrowdLevel.FEW),
                ZoneNow("kosong", False, 0.0),
            ),
            gauges=(read,),
        )
    )
    assert readings.words == {"jalan": "jam 42%", "alun": "few 10%", "kosong": "0%", "g": "1.23 +- 0.01 m"}
    assert readings.waters_m == {"g": 1.234}
    readings.take(Measured(gauges=(GaugeReading(camera="c", gauge="g", state=GaugeState.UNCLEAR),)))
    assert readings.words["g"] == "unclear"
    assert readings.waters_m == {}
