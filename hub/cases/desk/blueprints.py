"""The screens of officers, in one list for ``hub/app.py``."""

from hub.cases.desk import case_views, lending_views, views
from hub.cases.field import views as field_views

DESK = (views.blueprint, lending_views.blueprint, case_views.blueprint, field_views.blueprint)
