"""A member's account, from the page of a group: the invitation, and the code when it is lost."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from goround.apps.accounts.ways_in import AccountClosed, TooManyCodes
from goround.apps.groups.models import Membership
from goround.apps.people.own_accounts import HasAccount, NoAccount, give_code, invite_parent
from goround.web.invitation import code_page, invitation_page
from goround.web.rendering import Request


def sign_up_page(
    request: Request, member: Membership, *, back_url: str, code_url: str
) -> HttpResponse:
    """The invitation; for somebody who has signed up, what to do when they cannot come in."""
    if request.method == "POST":
        try:
            words = invite_parent(parent=member.parent, by=request.user, at=timezone.now())
        except HasAccount:
            return redirect(request.path)
        except AccountClosed:
            return _closed(request, back_url)
        return invitation_page(request, words, name=member.alias, back_url=back_url)
    account = member.parent.user
    if account and (account.has_signed_up() or not account.is_active):
        context = {"member": member, "account": account, "back": back_url, "code_url": code_url}
        return render(request, "components/member_account.html", context)
    context = {
        "question": _("Invite %(alias)s to sign in?") % {"alias": member.alias},
        "consequence": _(
            "You get a code to scan and eight words. With them they make an account without "
            "name, e-mail or phone, and see when and where the group meets. Nobody needs one."
        ),
        "action": _("Make the invitation"),
        "danger": False,
        "cancel_url": back_url,
    }
    return render(request, "components/confirm.html", context)


def _closed(request: Request, back_url: str) -> HttpResponse:
    messages.info(request, _("Their account is closed. A coordinator can open it again."))
    return redirect(back_url)


def code_for(request: Request, member: Membership, *, back_url: str) -> HttpResponse:
    if request.method != "POST":
        context = {
            "question": _("Make a code for %(alias)s?") % {"alias": member.alias},
            "consequence": _(
                "Do this only while they are with you. The code lets them choose a new passphrase "
                "within 20 minutes, once. They will be told that you made it."
            ),
            "action": _("Make the code"),
            "danger": False,
            "cancel_url": back_url,
        }
        return render(request, "components/confirm.html", context)
    try:
        words = give_code(parent=member.parent, by=request.user, at=timezone.now())
    except NoAccount:
        messages.info(request, _("They have no account yet. Invite them instead."))
        return redirect(back_url)
    except AccountClosed:
        return _closed(request, back_url)
    except TooManyCodes:
        messages.error(
            request, _("Three codes were made for them within an hour. Wait before the next.")
        )
        return redirect(back_url)
    return code_page(request, words, name=member.alias, back_url=back_url)
