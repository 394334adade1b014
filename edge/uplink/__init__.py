"""The way of accepted records to the hub, and of the hub's commands to the device."""

from edge.uplink.backoff import Backoff
from edge.uplink.downlink import Answer
from edge.uplink.schedule import Schedule
from edge.uplink.uplink import Uplink

__all__ = ["Answer", "Backoff", "Schedule", "Uplink"]
