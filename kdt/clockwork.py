"""The clock: it only knocks. What is due follows from the rows, so that it does not matter how many
clocks knock, or how long none did.

APScheduler keeps nothing: each process has its own, in memory. Nothing knocks between two and
three at night, an hour that some nights do not have and others have twice.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog
from apscheduler.executors.pool import (  # type: ignore[import-untyped]
    ThreadPoolExecutor,
)
from apscheduler.schedulers.background import (  # type: ignore[import-untyped]
    BackgroundScheduler,
)
from apscheduler.triggers.cron import CronTrigger  # type: ignore[import-untyped]

from kdt import signing
from kdt.access import rates, repeats, sessions
from kdt.cases import telling
from kdt.cases.catching_up import catch_up
from kdt.checkpoints.service import make_when_due
from kdt.clock import AMSTERDAM
from kdt.differences.keeping import compare_when_due
from kdt.meetings.keeping import keep_agendas
from kdt.panels.planning import plan_ahead
from kdt.publications import making, secret, sending
from kdt.reads.sealing import seal_reads
from kdt.retention.destroying import carry_out, scrub
from kdt.rising.keeping import scan_when_due
from kdt.settings import Settings
from kdt.similar.keeping import keep_up
from kdt.store import knocks
from kdt.store.engine import Store
from kdt.store.transaction import writing
from kdt.tallies.compaction import compact

_HOURS = "0-1,3-23"
_LONG = "long"
_OUT = "out"
_log = structlog.get_logger("kdt.clockwork")

# What to do at a knock, given the moment.
Job = Callable[[Store, datetime], object]


@dataclass(frozen=True, slots=True)
class Clockwork:
    """A running clock."""

    _scheduler: BackgroundScheduler

    def stop(self) -> None:
        """Stop knocking; waits for what is being done."""
        self._scheduler.shutdown()


def start(store: Store, chosen: Settings) -> Clockwork:
    """Start knocking, beginning with what is due now; what closes tables waits for the night."""
    # It would note every knock, once a minute for ever.
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    scheduler = BackgroundScheduler(
        timezone=AMSTERDAM,
        # One at a time: the work is small, and connections are for people. What learns of texts
        # takes minutes now and then, so does a publication, and no agenda waits for that, nor
        # for a mail server or an address of somebody else that is slow to answer.
        executors={
            "default": ThreadPoolExecutor(1),
            _LONG: ThreadPoolExecutor(2),
            _OUT: ThreadPoolExecutor(2),
        },
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    for job, trigger in (*JOBS, *_with_settings(chosen)):
        scheduler.add_job(knock, trigger, (store, job), next_run_time=datetime.now(UTC))
    begins = datetime.now(UTC)
    scheduler.add_job(knock, EVERY, (store, keep_similar), next_run_time=begins, executor=_LONG)
    hourly = _at(hour=_HOURS, minute=15)
    for job in (scan_themes, compare_cases):
        scheduler.add_job(knock, hourly, (store, job), next_run_time=begins, executor=_LONG)
    make = (store, _publishing(chosen))
    scheduler.add_job(knock, _at(hour=_HOURS, second="*/10"), make, executor=_LONG)
    for job in _going_out(chosen):
        scheduler.add_job(knock, EVERY, (store, job), next_run_time=begins, executor=_OUT)
    scheduler.add_job(knock, NIGHT, (store, _at_night(chosen)))
    scheduler.start()
    return Clockwork(scheduler)


def knock(store: Store, job: Job) -> bool:
    """Do a job once; whether that went well. What fails is logged, and tried at the next knock."""
    try:
        job(store, datetime.now(UTC))
        knocks.note(store, job.__name__)
    except Exception as error:  # noqa: BLE001 - a clock that dies of one bad minute helps nobody
        _log.error("clock_job_failed", job=job.__name__, exc_info=error)
        return False
    return True


def fold_tallies(store: Store, _now: datetime) -> None:
    """Fold what was counted since into days and months."""
    with writing(store) as connection:
        compact(connection)


def count_stays(store: Store, _now: datetime) -> None:
    """Count the stays of what a server of the release before recorded."""
    catch_up(store)


def forget_expired(store: Store, _now: datetime) -> None:
    """Drop the answers kept for repeated requests, the sessions and the buckets of requests that
    have expired."""
    with writing(store) as connection:
        repeats.forget(connection)
        sessions.forget(connection)
        rates.forget(connection)


def keep_similar(store: Store, _now: datetime) -> None:
    """Let what was recorded since be found as a similar case."""
    keep_up(store)


def scan_themes(store: Store, now: datetime) -> None:
    """See which themes rose, of a week that is over."""
    scan_when_due(store, now)


def compare_cases(store: Store, now: datetime) -> None:
    """See where cases alike were answered otherwise, over the year up to a week that is over."""
    compare_when_due(store, now)


def _with_settings(chosen: Settings) -> Iterator[tuple[Job, CronTrigger]]:
    """What is done where, or only when, the settings say so."""

    def destroy_confirmed(store: Store, _now: datetime) -> object:
        return carry_out(store, chosen.statements_folder, key=signing.own(chosen))

    yield destroy_confirmed, EVERY
    if chosen.checkpoint_to is None:
        return

    def make_checkpoint(store: Store, now: datetime) -> object:
        return make_when_due(store, chosen, now)

    yield make_checkpoint, _at(hour=_HOURS, minute="*/5")


def _publishing(chosen: Settings) -> Job:
    how = making.How(
        lambda: secret.own(chosen), chosen.publication_base, chosen.publication_final_days
    )

    def make_publications(store: Store, _now: datetime) -> object:
        """Make what was asked to be published."""
        return making.carry_out(store, how)

    return make_publications


def _going_out(chosen: Settings) -> Iterator[Job]:
    """What waits for a server that is not ours."""
    if (post := telling.post(chosen)) is not None:

        def tell_answers(store: Store, _now: datetime) -> object:
            return telling.tell(store, post)

        yield tell_answers
    if chosen.checkpoint_to is None:
        return

    def tell_released(store: Store, _now: datetime) -> object:
        by = sending.post(chosen)
        return sending.tell(store, by) if by else None

    yield tell_released


def _at_night(chosen: Settings) -> Job:
    def leave_no_trace(store: Store, _now: datetime) -> object:
        """Write anew the files of tables in which something was destroyed."""
        return scrub(store, chosen.statements_folder, key=signing.own(chosen))

    return leave_no_trace


def _at(**times: str | int) -> CronTrigger:
    return CronTrigger(timezone=AMSTERDAM, **times)


JOBS: tuple[tuple[Job, CronTrigger], ...] = (
    (plan_ahead, _at(hour=_HOURS, minute=5)),
    (keep_agendas, _at(hour=_HOURS, minute="*")),
    (fold_tallies, _at(hour=_HOURS, minute="*")),
    (count_stays, _at(hour=_HOURS, minute="*")),
    (seal_reads, _at(hour=_HOURS, minute="*/10")),
    (forget_expired, _at(hour=4, minute=10)),
)
NIGHT = _at(hour=4, minute=30)
EVERY = _at(hour=_HOURS, minute="*")
