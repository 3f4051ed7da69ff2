"""The command `kdt`: finds the right part, loads nothing else, and never shows a traceback."""

import errno
import importlib
import io
import os
import signal
import sys
from typing import NoReturn

import click

from kdt import click_in_dutch
from kdt.errors import KdtError
from kdt.reads.origin import bound, of_command

# Where each command lives, and its line in the help. They are loaded only when asked for:
# the database and the web take ten times as long to import as the rest of a start.
COMMANDS = {
    "serve": ("api.commands:serve", "Start KDT in de browser en de API."),
    "demo": ("kdt.demo.commands:demo", "Vul een leeg register met een verzonnen voorbeeldjaar."),
    "import": ("kdt.cases.commands:import_", "Breng een geschiedenisbestand in."),
    "export": ("kdt.cases.commands:export", "Schrijf het hele register als geschiedenisbestand."),
    "convert": ("kdt.cases.commands:convert", "Maak een geschiedenisbestand van een CSV-bestand."),
    "panels": ("kdt.meetings.commands:panels", "Maak, hernoem en sluit KDT's."),
    "locations": ("kdt.meetings.commands:locations", "Maak, hernoem en sluit locaties."),
    "agenda-order": (
        "kdt.meetings.commands:agenda_order",
        "Zie en kies waarop agenda's worden geordend.",
    ),
    "calendar": ("kdt.meetings.commands:calendar", "Zie en kies welke dagen vrij zijn."),
    "meetings": (
        "kdt.meetings.meeting_commands:meetings",
        "Voeg overleggen toe, verplaats, zeg af en sluit ze.",
    ),
    "deadlines": (
        "kdt.deadlines.commands:deadlines",
        "Beheer beslistermijnen, en hoe lang vooraf KDT waarschuwt.",
    ),
    "themes": ("kdt.themes.commands:themes", "Zie waar de rode draden staan, en wie aan zet is."),
    "rising": ("kdt.rising.commands:rising", "Zie welke rode draden stijgen."),
    "differences": (
        "kdt.differences.commands:differences",
        "Zie waar vergelijkbare zaken anders zijn beantwoord.",
    ),
    "forum": ("kdt.forum.commands:forum", "Zie wat er in het IND-brede forum is ingebracht."),
    "consultations": (
        "kdt.themes.commands:consultations",
        "Zie welke gesprekken over rode draden er waren.",
    ),
    "signals": (
        "kdt.themes.signal_commands:signals",
        "Zie welke signalen er zijn, en hoe ze staan.",
    ),
    "tests": ("kdt.themes.signal_commands:tests", "Zie welke toetsen er waren."),
    "adjustments": (
        "kdt.themes.signal_commands:adjustments",
        "Zie wat is aangepast, of waarom niets.",
    ),
    "letters": (
        "kdt.themes.signal_commands:letters",
        "Leg vast wat de brieven van 2022 aan signalen noemen.",
    ),
    "people": ("kdt.people.commands:people", "Zie wie er in mogen, en sluit iemand uit."),
    "mappings": ("kdt.people.commands:mappings", "Bepaal welk gegeven van wie welke rol geeft."),
    "absence": ("kdt.people.commands:absence", "Regel wie iemand vervangt die afwezig is."),
    "feeds": ("kdt.meetings.feed_commands:feeds", "Zie en beheer wie agenda-adressen heeft."),
    "hand-over": ("kdt.cases.commands:hand_over", "Draag lopende zaken over aan een collega."),
    "figures": ("kdt.register.commands:figures", "Tel over een periode, op een peildatum."),
    "revisions": (
        "kdt.register.revision_commands:revisions",
        "Verklaar het verschil tussen twee peildata.",
    ),
    "measures": ("kdt.register.measure_commands:measures", "Zie wat elk cijfer telt."),
    "lead-times": ("kdt.register.commands:lead_times", "Zeg hoe lang het duurt tot een antwoord."),
    "compare": ("kdt.register.commands:compare", "Vergelijk locaties met wat toeval doet."),
    "answers": ("kdt.register.commands:answers", "Beantwoord de vragen van de Eerste Kamer."),
    "questions": (
        "kdt.parliament.commands:questions",
        "Zie en beantwoord vragen van het parlement.",
    ),
    "subscriptions": (
        "kdt.publications.subscription_commands:subscriptions",
        "Zeg aan welke adressen vrijgaven worden verteld.",
    ),
    "publish": ("kdt.publications.commands:publish", "Publiceer cijfers die niemand aanwijzen."),
    "checkpoint": ("kdt.checkpoints.commands:checkpoint", "Maak, toon en controleer ijkpunten."),
    "proof": (
        "kdt.checkpoints.commands:proof",
        "Schrijf een bewijsbestand om elders na te rekenen.",
    ),
    "verifier": ("kdt.checkpoints.commands:verifier", "Toon het losse programma dat dat narekent."),
    "verify": ("kdt.verify.commands:verify", "Reken alles na en noem wat niet klopt."),
    "backup": ("kdt.backup.commands:backup", "Maak een reservekopie van het hele register."),
    "restore": ("kdt.backup.commands:restore", "Zet een reservekopie terug in een lege database."),
    "drill": ("kdt.backup.commands:drill", "Oefen het terugzetten, en zeg hoe lang het duurt."),
    "database": ("kdt.backup.commands:database", "Breng de eigen database over."),
    "retention": ("kdt.retention.commands:retention", "Bewaartermijnen en vernietiging."),
    "disclose": ("kdt.disclosure.commands:disclose", "Inzage (AVG) en inventarislijst (Woo)."),
    "similar": (
        "kdt.similar.commands:similar",
        "Zie en vernieuw waarmee gelijkende zaken worden gezocht.",
    ),
    "reads": ("kdt.audit.commands:reads", "Zie wie wat las, wat opvalt, en trek een steekproef."),
    "migrate": ("kdt.store.commands:migrate", "Breng het schema van de database op orde."),
}

click_in_dutch.install()


class _Lazy(click.Group):
    """A group that imports a command when it is used, not when it is listed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Opdrachten"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="kdt", prog_name="kdt")
@click.pass_context
def cli(context: click.Context) -> None:
    """KDT: moeilijke zaken voorleggen, en antwoorden uit het register."""
    context.with_resource(bound(of_command(f"kdt {context.invoked_subcommand}")))


def main() -> None:
    """Run the command line; exit status 1 after an error, with one sentence about it."""
    # So that what is held, such as the embedded database, is let go on a polite request too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    for stream in (sys.stdout, sys.stderr):
        # A terminal that has no such sign shows which it is.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        _refuse_unreadable(sys.argv[1:])
        status = cli.main(prog_name="kdt", standalone_mode=False)
        sys.stdout.flush()
        sys.exit(status if isinstance(status, int) else 0)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        click.echo("Afgebroken.", err=True)
        sys.exit(128 + signal.SIGINT)
    except KdtError as error:
        _fail(str(error))
    except BrokenPipeError:
        # Whoever read our output has seen enough. Python would complain at exit once more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(128 + signal.SIGPIPE)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            _unforeseen(error)
        # What waits to be written would fail once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        _fail("De schijf is vol; de uitvoer is niet heel.")
    except Exception as error:  # noqa: BLE001 - the last resort: kept whole in the log
        _unforeseen(error)


def _refuse_unreadable(arguments: list[str]) -> None:
    for one in arguments:
        try:
            one.encode()
        except UnicodeEncodeError:
            raise click.UsageError(f"{one!a} is geen UTF-8; gebruik een andere naam.") from None


def _unforeseen(error: Exception) -> NoReturn:
    _fail(f"Er ging iets mis dat KDT niet kent. {_keep(error)}")


def _fail(sentence: str) -> NoReturn:
    click.echo(sentence, err=True)
    sys.exit(1)


def _keep(error: Exception) -> str:
    """Write the error to the log file; says where that is."""
    import structlog

    from kdt import log, settings

    try:
        path = log.keep(settings.load())
    except KdtError as problem:
        return f"Het is ook niet bewaard. {problem}"
    structlog.get_logger("kdt.cli").error("unforeseen", exc_info=error)
    return f"Waar het gebeurde staat in {path}."
