"""`explainer completion`: the script that makes a shell complete our commands."""

from __future__ import annotations

import click


@click.command(short_help="Print the script for completion in a shell.")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print the script that lets SHELL complete commands and options.

    \b
    bash:  explainer completion bash >> ~/.bashrc
    zsh:   explainer completion zsh >> ~/.zshrc
    fish:  explainer completion fish > ~/.config/fish/completions/explainer.fish
    """
    from click.shell_completion import get_completion_class

    found = get_completion_class(shell)
    assert found is not None
    program = ctx.find_root().command
    click.echo(found(program, {}, "explainer", "_EXPLAINER_COMPLETE").source())
