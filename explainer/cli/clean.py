"""`explainer clean`: take away what builds have left."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.option("-q", "--quiet", is_flag=True, help="Do not name what is removed.")
@click.pass_obj
def command(root: Path, quiet: bool) -> None:
    """Remove the built site and .explainer/, the folder of remembered work.

    Only what this program made is removed; your content is not touched.
    """
    from explainer.build import pipeline
    from explainer.diagnostics.excerpt import visible

    try:
        removed = pipeline.clean(root, pipeline.Options())
    except OSError as error:
        raise click.ClickException(str(error)) from None
    if not quiet:
        for name in removed:
            click.echo(f"removed {visible(name)}")
        if not removed:
            click.echo("nothing to remove")
