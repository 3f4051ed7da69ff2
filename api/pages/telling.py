"""The pages on which something is told about themes, of whichever sort: it is entered, told anew
and withdrawn, and others say something of it. Which there are, each sort shows on pages of its
own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from api.context import context
from api.pages import changes
from api.pages.changes import Form, Given
from api.pages.forms import Field
from api.pages.rendering import see_other
from api.pages.requests import Posted, SignedIn, text
from kdt import words
from kdt.access import permissions
from kdt.access.permissions import Actor
from kdt.access.queries import Person
from kdt.store.engine import Store
from kdt.themes.telling import Sort

One = TypeVar("One")
T = TypeVar("T")
Fields = tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Screens(Generic[One, T]):
    """The forms of a sort under `path`. `key`: what one is called in its address, and where its
    words begin; `title`: the words of the list; `entered`: what is said once it is recorded.

    `read` gives one for who may change it, or raises; `named` what a form goes back to, and what it
    says that it is about.
    """

    sort: Sort[T]
    path: str
    key: str
    title: str
    entered: str
    read: Callable[[Request, Person, str], One]
    fields: Callable[[Request, Person, One | None], Fields]
    told: Callable[[Given, FormData], T]
    named: Callable[[One], tuple[str, str]]

    def add_to(self, router: APIRouter) -> None:
        """Put them in a router, before what is shown of one."""
        one = f"{self.path}/{{{self.key}}}"
        for path, ask, answer in (
            (f"{self.path}/new", self.ask_new, self.enter),
            (f"{one}/edit", self.ask_edit, self.edit),
            (f"{one}/withdraw", self.ask_withdraw, self.withdraw),
        ):
            router.add_api_route(path, ask, methods=["GET"])
            router.add_api_route(path, answer, methods=["POST"])

    def ask_new(self, request: Request, person: SignedIn) -> Response:
        """The form for what is new."""
        self.actor(person)
        return changes.asked(request, self._form(request, person, "new"))

    def enter(self, request: Request, person: SignedIn, posted: Posted) -> Response:
        """Record it."""
        actor = self.actor(person)

        def go(given: Given) -> Response:
            store, key = context(request).store, text(posted, "key")
            made = self.sort.enter(store, actor, self.told(given, posted), key=key)
            return see_other(request, f"{self.path}/{made}", self.entered)

        return changes.answered(request, self._form(request, person, "new"), posted, go)

    def ask_edit(self, request: Request, person: SignedIn) -> Response:
        """The form to tell it anew."""
        self.actor(person)
        return changes.asked(request, self._form(request, person, "edit"))

    def edit(self, request: Request, person: SignedIn, posted: Posted) -> Response:
        """Tell it anew."""
        actor, wanted = self.actor(person), self._wanted(request)

        def go(given: Given) -> Response:
            self.sort.change(context(request).store, actor, wanted, self.told(given, posted))
            return see_other(request, f"{self.path}/{wanted}", f"{self.key}_changed")

        return changes.answered(request, self._form(request, person, "edit"), posted, go)

    def ask_withdraw(self, request: Request, person: SignedIn) -> Response:
        """Asks whether it was none."""
        self.actor(person)
        return changes.asked(request, self._about(request, person, "withdraw", danger=True))

    def withdraw(self, request: Request, person: SignedIn, posted: Posted) -> Response:
        """Say so."""
        actor, wanted = self.actor(person), self._wanted(request)

        def go(_given: Given) -> Response:
            self.sort.withdraw(context(request).store, actor, wanted)
            return see_other(request, self.path, f"{self.key}_withdrawn")

        form = self._about(request, person, "withdraw", danger=True)
        return changes.answered(request, form, posted, go)

    def add_remark_to(
        self,
        router: APIRouter,
        what: str,
        fields: Callable[[One], Fields],
        make: Callable[[Store, Actor, str, Given, str | None], None],
        made: str,
    ) -> None:
        """The form for what somebody says of one besides, under `what`; `made` is said after."""

        def form(request: Request, person: Person) -> Form:
            one = self.read(request, person, self._wanted(request))
            return self._about(request, person, what, fields(one))

        def ask(request: Request, person: SignedIn) -> Response:
            self.actor(person)
            return changes.asked(request, form(request, person))

        def answer(request: Request, person: SignedIn, posted: Posted) -> Response:
            actor, wanted = self.actor(person), self._wanted(request)

            def go(given: Given) -> Response:
                make(context(request).store, actor, wanted, given, text(posted, "key"))
                return see_other(request, f"{self.path}/{wanted}", made)

            return changes.answered(request, form(request, person), posted, go)

        path = f"{self.path}/{{{self.key}}}/{what}"
        router.add_api_route(path, ask, methods=["GET"])
        router.add_api_route(path, answer, methods=["POST"])

    def actor(self, person: Person) -> Actor:
        """As whom somebody tells it. Raises Forbidden."""
        return permissions.holding(person.actors, self.sort.right)

    def may(self, person: Person) -> bool:
        """Whether somebody tells it at all."""
        return permissions.holder(person.actors, self.sort.right) is not None

    def _wanted(self, request: Request) -> str:
        return str(request.path_params[self.key])

    def _form(self, request: Request, person: Person, what: str) -> Form:
        one, here = None, f"{self.path}/{what}"
        if what == "edit":
            wanted = self._wanted(request)
            one, here = self.read(request, person, wanted), f"{self.path}/{wanted}/{what}"
        back = (self.path, words.say(self.title))
        return Form(f"{self.key}_{what}", here, back, self.fields(request, person, one))

    def _about(
        self,
        request: Request,
        person: Person,
        what: str,
        fields: Sequence[Field] = (),
        *,
        danger: bool = False,
    ) -> Form:
        here = f"{self.path}/{self._wanted(request)}"
        name, about = self.named(self.read(request, person, self._wanted(request)))
        return Form(
            f"{self.key}_{what}", f"{here}/{what}", (here, name), tuple(fields), about, danger
        )
