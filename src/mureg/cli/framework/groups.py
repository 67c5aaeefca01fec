"""Commands and groups that load late, are translated, and share their options.

A noun's module is imported when the noun is typed, and a command is built when it runs: building them all would
double the start-up time of each.
"""

import os
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from functools import partial
from importlib import import_module
from typing import Annotated, Any, NamedTuple

import typer
from typer.core import TyperCommand, TyperGroup, TyperOption
from typer.exceptions import TyperException
from typer.main import get_command_from_info
from typer.models import CommandInfo

from mureg.cli.framework.session import Session, session_of
from mureg.errors import N_, WrongUsage, msg
from mureg.lazy_imports import lazy_imports
from mureg.reports.language import LANGUAGES, Language

with lazy_imports():
    from mureg.cli.framework.input import completion, values
    from mureg.cli.framework.output import output_file
    from mureg.register.engines import address

# Options of every command, or of every one that writes; a noun does not take them.
ON_COMMANDS = ("--json", "--fields", "--dry-run")

# The option of every command that writes.
DryRun = Annotated[bool, typer.Option("--dry-run", help=N_("Show what would be done, without writing anything"))]

# A shell sets this variable when it asks for completions.
_COMPLETING = "_MUREG_COMPLETE"

HELP_NAMES = {"help_option_names": ["-h", "--help"]}


class Noun(NamedTuple):
    """A word after `mureg`: its help, and its commands in order, each with the module that defines it.

    A word with one command of the same name, as `check`, is that command.
    """

    help: str
    commands: Mapping[str, str]


class _Localized:
    """Help in the user's language. Click has its texts as English constants."""

    name: str | None
    params: list[Any]
    help: str | None
    epilog: str | None

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        """`Usage: mureg …`."""
        words = [_metavar(each, ctx) for each in self.get_params(ctx) if _is_argument(each)]  # type: ignore[attr-defined]
        if isinstance(self, TyperGroup):
            words.append(self.subcommand_metavar)
        formatter.write_usage(ctx.command_path, " ".join([*words, "[OPTIONS]"]), prefix=_translated(ctx, N_("Usage: ")))

    def format_help_text(self, ctx: Any, formatter: Any) -> None:
        """The purpose of the command."""
        if self.help:
            formatter.write_paragraph()
            with formatter.indentation():
                formatter.write_text(_translated(ctx, self.help))

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Arguments and options, each with its help."""
        arguments, options = [], []
        for parameter in self.get_params(ctx):  # type: ignore[attr-defined]
            if parameter.hidden or not parameter.help:
                continue
            if _is_argument(parameter):
                arguments.append((_metavar(parameter, ctx), _translated(ctx, parameter.help)))
            else:
                names = ", ".join([*parameter.opts, *parameter.secondary_opts])
                metavar = "" if parameter.is_flag else f" {_metavar(parameter, ctx)}"
                options.append((names + metavar, _translated(ctx, parameter.help)))
        for title, rows in ((N_("Arguments"), arguments), (N_("Options"), options)):
            if rows:
                with formatter.section(_translated(ctx, title)):
                    formatter.write_dl(rows)

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        """The examples."""
        if self.epilog:
            with formatter.section(_translated(ctx, N_("Examples"))):
                for line in self.epilog.splitlines():
                    formatter.write(f"{'':{formatter.current_indent}}{line}\n")


class MuregCommand(_Localized, TyperCommand):
    """A command with the options that every command takes."""

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        settings["context_settings"] = {**(settings.get("context_settings") or {}), "allow_extra_args": True}
        super().__init__(*arguments, **settings)
        self.params += [_json_option(), _fields_option(), *global_options()]
        if _COMPLETING in os.environ:
            completion.complete_values(str(self.name), self.params)

    def get_help_option(self, ctx: Any) -> Any:
        """`-h`, with its help in the user's language."""
        return _with_help(super().get_help_option(ctx))

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """The whole help."""
        _format_help(self, ctx, formatter)

    def parse_args(self, ctx: Any, args: list[str]) -> Any:
        """Parse; an error names the command."""
        return _parsed(super().parse_args, ctx, args)

    def invoke(self, ctx: Any) -> Any:
        """Run the command, unless there are too many arguments."""
        if ctx.args:
            # It may be an address with a password.
            raise WrongUsage(
                msg("unexpected argument: {argument}", argument=address.location_of(ctx.args[0])),
                msg("see the help: {path} -h", path=ctx.command_path),
            )
        session = session_of(ctx)
        session.context = ctx
        for parameter in self.params:
            if "--inn" in parameter.opts and ctx.params.get(parameter.name) is not None:
                values.require_inn("--inn", ctx.params[parameter.name])
        named = {each: ctx.params.get(each.name) for each in self.params if "FILE" in (each.metavar or "")}
        for parameter, file in named.items():
            if "--output" in parameter.opts and file is not None:
                others = (value for other, value in named.items() if other is not parameter)
                inputs = [path for each in others if each for path in ([each] if isinstance(each, str) else each)]
                output_file.require_harmless(session, file, inputs)
        return super().invoke(ctx)


class NounGroup(_Localized, TyperGroup):
    """The commands of one noun, each built when it runs."""

    def __init__(self, name: str, commands: Mapping[str, str], **settings: Any) -> None:
        super().__init__(name=name, rich_markup_mode=None, invoke_without_command=True, **settings)
        self._modules = commands

    def parse_args(self, ctx: Any, args: list[str]) -> Any:
        """Parse; without a command, print the help."""
        self.callback = partial(_print_help, ctx)
        return _parsed(super().parse_args, ctx, args)

    def list_commands(self, ctx: Any) -> list[str]:
        """The commands in the order in which they are defined."""
        return list(self._modules)

    def words(self, ctx: Any) -> dict[str, str]:
        """What could have been meant by an unknown word, and how it is typed in full."""
        return {name: name for name in self.list_commands(ctx)}

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Import the command's module, and build it."""
        module = self._modules.get(cmd_name)
        return None if module is None else build(command_info(module, cmd_name))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command. Raises `WrongUsage` with the nearest one."""
        if args and args[0] not in self.list_commands(ctx):
            raise unknown_command(ctx, args[0], self.words(ctx))
        return super().resolve_command(ctx, args)

    def get_help_option(self, ctx: Any) -> Any:
        """`-h`, with its help in the user's language."""
        return _with_help(super().get_help_option(ctx))

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """The whole help."""
        _format_help(self, ctx, formatter)

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Options, then the commands with a line each."""
        super().format_options(ctx, formatter)
        rows = [(name, _translated(ctx, text)) for name, text in self.short_helps().items()]
        with formatter.section(_translated(ctx, N_("Commands"))):
            formatter.write_dl(rows)

    def short_helps(self) -> dict[str, str]:
        """The first line of each command's help."""
        helps = {name: command_info(module, name).help or "" for name, module in self._modules.items()}
        return {name: text.partition("\n")[0] for name, text in helps.items()}


class RootGroup(NounGroup):
    """`mureg` itself."""

    def __init__(self, nouns: Mapping[str, Noun], **settings: Any) -> None:
        super().__init__("mureg", {}, **settings)
        self._nouns = nouns

    def list_commands(self, ctx: Any) -> list[str]:
        """The nouns and verbs."""
        return list(self._nouns)

    def words(self, ctx: Any) -> dict[str, str]:
        """The nouns, and each verb behind the first noun that has it."""
        verbs = {verb: f"{name} {verb}" for name, noun in reversed([*self._nouns.items()]) for verb in noun.commands}
        return verbs | super().words(ctx)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Build the noun's group, or its one command."""
        noun = self._nouns.get(cmd_name)
        if noun is None:
            return None
        if cmd_name in noun.commands:
            return build(command_info(noun.commands[cmd_name], cmd_name))
        return NounGroup(cmd_name, noun.commands, help=noun.help, context_settings=HELP_NAMES, params=global_options())

    def short_helps(self) -> dict[str, str]:
        """The help of each noun."""
        return {name: noun.help for name, noun in self._nouns.items()}


def command_info(module: str, name: str) -> CommandInfo:
    """What a module of commands registered under the name."""
    (info,) = (each for each in import_module(module).app.registered_commands if each.name == name)
    return info  # type: ignore[no-any-return]


def build(info: CommandInfo) -> Any:
    """The command of a registered function."""
    info.cls = MuregCommand
    info.context_settings = HELP_NAMES
    return get_command_from_info(info, pretty_exceptions_short=True, rich_markup_mode=None)


def unknown_command(ctx: Any, word: str, known: Mapping[str, str]) -> WrongUsage:
    """The error of an unknown command, with the nearest one."""
    near = get_close_matches(word, known, n=1, cutoff=0.5)
    word = address.location_of(word)
    if near:
        return WrongUsage(
            msg("unknown command {word}", word=word),
            msg("did you mean: {path} {near}", path=ctx.command_path, near=known[near[0]]),
        )
    return WrongUsage(msg("unknown command {word}", word=word), msg("see the help: {path} -h", path=ctx.command_path))


def global_options() -> list[TyperOption]:
    """The options that are accepted before and after a command."""
    return [
        _option("--db", "db", "PATH|URL", N_("The register (MUREG_DB, or db in mureg.toml)")),
        _option("--config", "config", "FILE", N_("The settings (MUREG_CONFIG, or mureg.toml here or above)")),
        _option("--lang", "lang", "ru|en", N_("The language (default: MUREG_LANG, else the system's)")),
        _flag("--no-input", "no_input", N_("Never prompt")),
        _flag("--no-color", "no_color", N_("Disable colours (NO_COLOR)")),
    ]


def _json_option() -> TyperOption:
    return _flag("--json", "json", N_("Print JSON"))


def _fields_option() -> TyperOption:
    return _option("--fields", "fields", "NAME,…", N_("Only these fields, as JSON"))


def _option(flag: str, name: str, metavar: str, help_text: str) -> TyperOption:
    return TyperOption(
        param_decls=[flag, name], type=str, metavar=metavar, help=help_text,
        callback=_keep_in_session, expose_value=False,
    )  # fmt: skip


def _flag(flag: str, name: str, help_text: str) -> TyperOption:
    return TyperOption(
        param_decls=[flag, name], is_flag=True, default=False, help=help_text,
        callback=_keep_in_session, expose_value=False,
    )  # fmt: skip


def _keep_in_session(ctx: Any, param: Any, value: Any) -> None:
    """Keep a global option in the session; the one after the command goes first."""
    if value is None or value is False:
        return
    session = session_of(ctx)
    if param.name == "lang":
        if value not in LANGUAGES:
            raise WrongUsage(msg("{text} is not a supported language", text=value), msg("use ru or en"))
    elif param.name == "no_color":
        session.output.no_color = True
    elif param.name == "fields":
        session.output.fields = tuple(name.strip() for name in value.split(",") if name.strip())
    elif param.name != "json":
        setattr(session, param.name, value)


def _format_help(command: Any, ctx: Any, formatter: Any) -> None:
    command.format_usage(ctx, formatter)
    command.format_help_text(ctx, formatter)
    command.format_options(ctx, formatter)
    command.format_epilog(ctx, formatter)


def _parsed(parse: Callable[[Any, list[str]], Any], ctx: Any, args: list[str]) -> Any:
    try:
        return parse(ctx, args)
    except TyperException as error:
        if getattr(error, "ctx", None) is None:
            vars(error)["ctx"] = ctx  # Click's parser leaves it out
        raise


def _print_help(ctx: Any) -> None:
    if ctx.invoked_subcommand is None:
        session_of(ctx).output.line(ctx.get_help())


def _with_help(option: Any) -> Any:
    if option is not None:
        option.help = N_("Show this help")
        # Click keeps the names in a set, which has no order.
        option.opts.sort(key=len)
    return option


def _is_argument(parameter: Any) -> bool:
    return bool(parameter.param_type_name == "argument")


def _metavar(parameter: Any, ctx: Any) -> str:
    """The placeholder of a value. Click would show our required arguments as optional."""
    return str(parameter.metavar if _is_argument(parameter) else parameter.make_metavar(ctx=ctx))


def _translated(ctx: Any, text: str) -> str:
    session = ctx.find_object(Session)
    language = session.language if session else Language("en")
    return language.translate(text)
