"""Who has an account: the administrator's page."""

from __future__ import annotations

import secrets

from flask import Blueprint, render_template, request
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from calfeed.desk.access import access_of_app, me, needs
from calfeed.desk.people import Role
from calfeed.desk.shared import say
from calfeed.desk.speech import gettext as _
from calfeed.errors import CalfeedError

blueprint = Blueprint("persons", __name__)
# So many random words' worth of a first password.
OCTETS = 12


@blueprint.get("/people")
@needs(Role.ADMINISTRATOR)
def people_page() -> str:
    return _page()


def _page(fresh: tuple[str, str] | None = None) -> str:
    accounts = access_of_app().accounts.all()
    return render_template("people.html", accounts=accounts, roles=role_names(), fresh=fresh)


def role_names() -> list[tuple[str, str, str]]:
    """Each role: its name in the settings, in the reader's language, and what it may do."""
    return [
        ("reader", _("Reader"), _("sees everything")),
        ("editor", _("Editor"), _("changes the draft")),
        ("publisher", _("Publisher"), _("publishes too")),
        ("administrator", _("Administrator"), _("gives accounts too")),
    ]


@blueprint.post("/people")
@needs(Role.ADMINISTRATOR)
def change_people() -> Response | str:
    """Add a person, give another role or a new password, or take an account away."""
    accounts, what, name = access_of_app().accounts, request.form.get("what", ""), request.form.get("name", "").strip()
    if what in ("remove", "role") and name.casefold() == me().name.casefold():
        raise CalfeedError(_("You cannot change your own account here: another administrator can."))
    if what == "add":
        password = secrets.token_urlsafe(OCTETS)
        accounts.add(name, Role.named(request.form.get("role", "")), password)
        return _page((name, password))
    if what == "password":
        password = secrets.token_urlsafe(OCTETS)
        accounts.change(name, password=password)
        return _page((name, password))
    if what == "role":
        accounts.change(name, role=Role.named(request.form.get("role", "")))
        say(_("%(name)s has another role now, and signs in again.", name=name))
    elif what == "remove":
        accounts.remove(name)
        say(_("%(name)s has no account any more.", name=name))
    return redirect("/people", 303)
