"""Accounts: who has one, in which role, and the links that make one."""

from django import forms
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from trialwright.terms.errors import Refusal
from trialwright.web.account_care import DEEDS, do, lockouts
from trialwright.web.accounts import LINK_HOURS, accept, invitation_of, invite_on_record
from trialwright.web.forms import sentence
from trialwright.web.models import Invitation, Standing
from trialwright.web.recovering import HOURS, begin, confirm, recover, recovery_of, waiting
from trialwright.web.roles import KINDS, actor_of
from trialwright.web.screens.refused import not_found

_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"

RECOVER, CONFIRM = "recover", "confirm"
RECOVERIES = (RECOVER, CONFIRM)
"""Deeds that two operators share."""

MOST_OF_REASON = 500
"""Signs of a reason that are kept."""


class InvitationForm(forms.Form):
    """Whom a link is for."""

    kind = forms.ChoiceField(
        label="What the account is for",
        help_text="A person acts in the roles that the delegation log gives; an inspector reads "
        "everything; an operator keeps accounts.",
        choices=[(each, each.capitalize()) for each in KINDS],
    )


class NewPasswordForm(forms.Form):
    """A new password, twice."""

    password = forms.CharField(
        label="Password",
        help_text="At least 12 signs, and none of the passwords that everybody uses.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label="Password again",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    account = ""
    """Whose: a password may not resemble the name."""

    def clean(self) -> dict[str, object]:
        """Refuse passwords that differ or are weak.

        Returns
        -------
        dict of str to object
            As entered.
        """
        entered = super().clean() or {}
        password = entered.get("password")
        if password and password != entered.get("again"):
            self.add_error("again", "The two passwords differ. Enter the same one twice.")
        elif password:
            try:
                validate_password(password, User(username=entered.get("name", self.account)))
            except ValidationError as weak:
                self.add_error("password", weak)
        return entered


class NewAccountForm(NewPasswordForm):
    """Name and password of a new account."""

    field_order = ("name", "password", "again")
    name = forms.RegexField(
        r"^[a-z][a-z0-9.-]{1,39}$",
        label="Account name",
        help_text="It stands beside everything you do, for good: 2 to 40 small letters, digits, "
        "points and hyphens, e.g. c.meyer.",
        widget=forms.TextInput(attrs={"autocomplete": "username"}),
        error_messages={"invalid": "Use 2 to 40 small letters, digits, points and hyphens."},
    )

    def clean_name(self) -> str:
        """Refuse a name that is or was in use.

        Returns
        -------
        str
            The name.

        Raises
        ------
        ValidationError
            If there is an account of that name.
        """
        name: str = self.cleaned_data["name"]
        if User.objects.filter(username__iexact=name).exists():
            raise ValidationError(
                "This name is in use, and names are never used twice. Choose another."
            )
        return name


@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest) -> HttpResponse:
    """List the accounts, and make one-time links.

    Parameters
    ----------
    request : HttpRequest
        Of an operator.

    Returns
    -------
    HttpResponse
        A new link is shown once.
    """
    form, link = InvitationForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        token = invite_on_record(form.cleaned_data["kind"], actor_of(request))
        link = request.build_absolute_uri(reverse("invitation", args=[token]))
    return _listed(request, form, link, LINK_HOURS)


def _listed(
    request: HttpRequest, form: InvitationForm, link: str = "", hours: int = LINK_HOURS
) -> HttpResponse:
    """Show the accounts, and a new link."""
    counted, recovered = lockouts(), waiting()
    return render(
        request,
        "web/people.html",
        {
            "form": form,
            "link": link,
            "hours": hours,
            "recovery_hours": HOURS,
            "is_recovery": hours != LINK_HOURS,
            "rows": [
                (
                    each,
                    counted.get(each.account.username.lower()),
                    recovered.get(each.account.username),
                )
                for each in Standing.objects.select_related("account").order_by("account__username")
            ],
            "own": request.user.get_username(),
            "invitations": Invitation.objects.filter(used_at=None).order_by("ends_at"),
        },
    )


@require_POST
def deed(request: HttpRequest, account: str, deed: str) -> HttpResponse:
    """Unlock, close or reopen an account, or begin or confirm its recovery.

    Parameters
    ----------
    request : HttpRequest
        Of an operator, with the reason where one is given.
    account : str
        Its name.
    deed : str
        One of `DEEDS`, `recover` or `confirm`.

    Returns
    -------
    HttpResponse
        The list of accounts, which says what came of it.

    Raises
    ------
    Http404
        If there is no such deed.
    """
    if deed not in (*DEEDS, *RECOVERIES):
        raise Http404
    told = (account, actor_of(request), request.POST.get("reason", "")[:MOST_OF_REASON])
    try:
        if deed == RECOVER:
            link = request.build_absolute_uri(reverse("recovery", args=[begin(*told)]))
            return _listed(request, InvitationForm(), link, HOURS)
        if deed == CONFIRM:
            confirm(*told)
        else:
            do(deed, *told)
    except Refusal as refused:
        for fault in refused.faults:
            messages.error(request, sentence(fault))
    else:
        done = DEEDS.get(deed, "free to set a new password by the link")
        messages.success(request, f"{account} is {done}.")
    return redirect("people")


@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Let whoever holds a link set a name and a password, once.

    Parameters
    ----------
    request : HttpRequest
        Any.
    token : str
        Secret part of the link.

    Returns
    -------
    HttpResponse
        The form, or a redirection once the account is made.
    """
    found = invitation_of(token)
    if found is None:
        return not_found(request)
    form = NewAccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = accept(token, form.cleaned_data["name"], form.cleaned_data["password"])
        if user is None:
            return not_found(request)
        login(request, user, backend=_BACKEND)
        messages.success(request, "Your account is made. Add a second factor below.")
        return redirect("mfa_index")
    status = 422 if form.is_bound else 200
    return render(request, "web/invitation.html", {"form": form, "found": found}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def recovery(request: HttpRequest, token: str) -> HttpResponse:
    """Let whoever holds a confirmed link set a new password, once.

    Parameters
    ----------
    request : HttpRequest
        Any.
    token : str
        Secret part of the link.

    Returns
    -------
    HttpResponse
        The form, or a redirection to the sign-in: the link alone signs nobody in.
    """
    found = recovery_of(token)
    if found is None:
        return not_found(request)
    form = NewPasswordForm(request.POST or None)
    form.account = found.account.get_username()
    if request.method == "POST" and form.is_valid():
        if recover(token, form.cleaned_data["password"]) is None:
            return not_found(request)
        messages.success(request, "The password is set. Sign in, and add a second factor.")
        return redirect("account_login")
    status = 422 if form.is_bound else 200
    return render(request, "web/recovery.html", {"form": form, "found": found}, status=status)
