"""The hands of the server on the process that builds."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from explainer.build.pipeline import Options
from explainer.serve.builder import About, Build, News, Report, work


class BuilderLost(Exception):
    """The process that builds was killed in the midst of its work."""


class BuilderProcess:
    """Builds in another process, one thing after the other. A lost process is replaced."""

    def __init__(self, root: Path, options: Options) -> None:
        self._root = root
        self._options = options
        self._turn = asyncio.Lock()
        self._waiting = ThreadPoolExecutor(1, "builder")
        self._start()

    def _start(self) -> None:
        # Started anew, not forked: this process has threads.
        context = get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(
            target=work, args=(theirs, os.getpid(), self._root, self._options), name="builder"
        )
        self._process.start()
        theirs.close()

    async def build(
        self, tell: Callable[[News], None], touched: frozenset[str] | None = None
    ) -> Report:
        """Build what has changed; `tell` that the new site stands, before the build ends.

        `touched` are the files that may have changed; None: it may be any.
        """
        report = await self._ask(Build(touched), tell)
        assert isinstance(report, Report)
        return report

    async def about(self, output: str) -> Mapping[str, Any] | None:
        """Tell what a page is made from."""
        with contextlib.suppress(BuilderLost):
            return await self._ask(About(output))  # type: ignore[no-any-return]
        return None

    async def _ask(self, request: object, tell: Callable[[News], None] | None = None) -> Any:
        async with self._turn:
            loop = asyncio.get_running_loop()

            def asked() -> Any:
                self._connection.send(request)
                while isinstance(answer := self._connection.recv(), News):
                    if tell is not None:
                        loop.call_soon_threadsafe(tell, answer)
                return answer

            try:
                return await loop.run_in_executor(self._waiting, asked)
            except (EOFError, OSError):
                if not self._process.is_alive() or self._process.exitcode is not None:
                    self._replace()
                raise BuilderLost from None

    def _replace(self) -> None:
        self.kill()
        self._start()

    def kill(self) -> None:
        """End the process at once, whatever it does; a build that is cut off harms nothing."""
        self._process.kill()
        self._process.join()
        self._process.close()
        self._connection.close()

    def close(self) -> None:
        """End the process, and the thread that waits for it."""
        self.kill()
        self._waiting.shutdown(wait=False, cancel_futures=True)
