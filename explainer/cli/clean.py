"""`explainer clean`: take away what builds have left."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(short_help="Remove the built site and the cache.")
@click.option("-q", "--quiet", is_flag=True, help="Do not name what is removed.")
@click.pass_obj
def command(root: Path, quiet: bool) -> None:
    """Remove the built site and .explainer/, the folder of remembered work.

    Only what this program made is removed; your content is not touched.
    """
    from explainer.build import pipeline
    from explainer.build.commit import is_served
    from explainer.config import load_config
    from explainer.diagnostics.excerpt import visible

    config, _ = load_config(root)
    output = config.output if config is not None else "public"
    try:
        removed = pipeline.clean(root, pipeline.Options())
    except OSError as error:
        place = visible(str(error.filename or root))
        raise click.ClickException(f"Cannot remove {place}: {error.strerror}.") from None
    if not quiet:
        for name in removed:
            click.echo(f"removed {visible(name)}/")
        if is_served(root.absolute()):
            click.echo("kept the tree of the live preview, which is running")
        elif not removed:
            click.echo("nothing of ours to remove")
    if output not in removed and (root / output).exists():
        raise click.ClickException(
            f"{visible(output)}/ was not made by this program, so it was left as it is."
        )
