"""The screens of the cameras, for ``hub.app`` to register."""

from flask import Blueprint

from hub.cctv import clips, commissioning, views
from hub.cctv.live import polling
from hub.cctv.live import views as live
from hub.cctv.points import views as points
from hub.cctv.status import views as status
from hub.cctv.steering import views as steering

CAMERAS: tuple[Blueprint, ...] = (
    views.blueprint,
    clips.blueprint,
    commissioning.blueprint,
    live.blueprint,
    polling.blueprint,
    points.blueprint,
    status.blueprint,
    steering.blueprint,
)
