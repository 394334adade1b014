"""The screens of the cameras, for ``hub.app`` to register."""

from flask import Blueprint

from hub.cctv.camera import clips, commissioning, views
from hub.cctv.events import views as events
from hub.cctv.findings import files as finding_files
from hub.cctv.findings import making, revenue_views
from hub.cctv.findings import views as findings
from hub.cctv.live import polling
from hub.cctv.live import views as live
from hub.cctv.outages import views as outages
from hub.cctv.outages.uptime import views as uptime
from hub.cctv.outages.windows import views as windows
from hub.cctv.points import views as points
from hub.cctv.public import views as public
from hub.cctv.status import files as status_files
from hub.cctv.status import views as status
from hub.cctv.steering import views as steering
from hub.cctv.traffic import files as traffic_files
from hub.cctv.traffic import views as traffic

CAMERAS: tuple[Blueprint, ...] = (
    views.blueprint,
    clips.blueprint,
    commissioning.blueprint,
    live.blueprint,
    polling.blueprint,
    points.blueprint,
    public.blueprint,
    status.blueprint,
    status_files.blueprint,
    outages.blueprint,
    uptime.blueprint,
    windows.blueprint,
    steering.blueprint,
    events.blueprint,
    traffic.blueprint,
    traffic_files.blueprint,
    making.blueprint,
    findings.blueprint,
    finding_files.blueprint,
    revenue_views.blueprint,
)
