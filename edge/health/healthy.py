"""One question for a container engine: does the agent get on? Answered from the file it leaves. Pure."""

from datetime import datetime, timedelta

from edge.running.status import AgentStatus

# Three reports that did not come; the slack is for a machine that is busy starting.
_MISSED_REPORTS, _SLACK = 3, timedelta(seconds=60)


def unhealthy(status: AgentStatus | None, *, report_every_s: float, now: datetime) -> str:
    """Return why the agent is not well; empty when it is.

    A camera that is dark is no reason: restarting the agent does not mend a cable. A link that is
    down is none either: the records wait.

    Args:
        status: What the agent left; ``None``: nothing.
        report_every_s: How often it leaves it.
        now: Aware.
    """
    if status is None:
        return "the agent left no status; is it running?"
    age = now - status.at
    if age > timedelta(seconds=_MISSED_REPORTS * report_every_s) + _SLACK:
        return f"the agent's last word is {age.total_seconds():.0f} s old"
    if status.outbox_trouble:
        return f"records are not kept: {status.outbox_trouble}"
    return ""
