"""Token buckets."""

from hub.ingest.taking.rate import TokenBuckets


def test_a_burst_is_allowed_then_a_steady_rate_and_each_key_for_itself() -> None:
    now_s = [0.0]
    buckets = TokenBuckets(per_s=2, burst=5, monotonic_s=lambda: now_s[0])
    assert [buckets.allows("a") for _ in range(6)] == [True] * 5 + [False]
    assert buckets.allows("b", cost=5)
    now_s[0] = 1.0
    assert [buckets.allows("a") for _ in range(3)] == [True, True, False]
    now_s[0] = 1000.0
    assert not buckets.allows("a", cost=5.5), "it never holds more than the burst"
    assert buckets.allows("a", cost=5)
