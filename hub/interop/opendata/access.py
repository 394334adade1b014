"""The catalogue of an application, and what its pages and its API share."""

from datetime import date

from flask import Flask, current_app, request

from hub.interop.opendata.actions import Desk
from hub.interop.opendata.catalogue import Catalogue, catalogue_of
from hub.interop.opendata.ckan import Publisher
from hub.interop.opendata.from_measures import measure_datasets
from hub.interop.opendata.from_registers import register_datasets
from hub.web.parts import parts
from hub.web.transaction import db

_NAME = "pontive-open-data"
# Reading a whole dataset costs the hub something; no harvester needs more.
PER_ADDRESS = "120 per minute"


def install_catalogue(app: Flask) -> None:
    """Put the datasets of all sources together, once."""
    app.extensions[_NAME] = catalogue_of((register_datasets, measure_datasets))


def catalogue() -> Catalogue:
    """Return the catalogue of the running application."""
    found: Catalogue = current_app.extensions[_NAME]
    return found


def publisher() -> Publisher:
    """Return who publishes, under the address that was asked."""
    return Publisher(title=parts().config.city, root=request.url_root.rstrip("/"))


def today() -> date:
    """Return the day in the city."""
    here = parts()
    return here.now().astimezone(here.zone).date()


def desk() -> Desk:
    """Return what the actions of the API may use."""
    return Desk(db=db(), today=today(), catalogue=catalogue(), publisher=publisher())
