"""A real ssh server that gives repositories with `git upload-pack`, to who has the key."""

from __future__ import annotations

import asyncio
import shlex
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import asyncssh

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True)
class SshServer:
    """A running server: its URL, and the files that a client needs."""

    url: str
    key: Path
    known_hosts: Path

    def command(self, *, key: bool = True) -> str:
        """How ssh is called by a client that knows the host and, perhaps, has the key."""
        options = f"-F none -o BatchMode=yes -o UserKnownHostsFile={self.known_hosts} -o IdentitiesOnly=yes"
        return f"ssh {options} -i {self.key if key else '/dev/null'}"


@contextmanager
def serve(root: Path, folder: Path) -> Iterator[SshServer]:
    """Serve the repositories below `root`; keys are written to `folder`."""
    host, client = (asyncssh.generate_private_key("ssh-ed25519") for _ in range(2))
    client.write_private_key(str(folder / "key"))
    (folder / "key").chmod(0o600)
    client.write_public_key(str(folder / "authorized"))
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    server = asyncio.run_coroutine_threadsafe(_start(host, folder / "authorized"), loop).result()
    port = server.get_port()
    known = f"[127.0.0.1]:{port} {host.export_public_key().decode()}"
    (folder / "known_hosts").write_text(known)
    try:
        yield SshServer(f"ssh://git@127.0.0.1:{port}{root}", folder / "key", folder / "known_hosts")
    finally:
        asyncio.run_coroutine_threadsafe(_stop(server), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _start(host_key: asyncssh.SSHKey, authorized: Path) -> asyncssh.SSHAcceptor:
    return await asyncssh.listen(
        "127.0.0.1",
        0,
        server_host_keys=[host_key],
        authorized_client_keys=str(authorized),
        process_factory=_upload_pack,
        encoding=None,
    )


async def _upload_pack(asked: asyncssh.SSHServerProcess[bytes]) -> None:
    program, path = shlex.split(asked.command or "")
    assert program == "git-upload-pack"
    pipe = asyncio.subprocess.PIPE
    running = await asyncio.create_subprocess_exec("git", "upload-pack", path, stdin=pipe, stdout=pipe)
    incoming = asyncio.create_task(_pass_on(asked.stdin, running.stdin))
    await _pass_on(running.stdout, asked.stdout)
    asked.exit(await running.wait())
    incoming.cancel()


async def _pass_on(reader: Any, writer: Any) -> None:  # noqa: ANN401 - ends of pipes and of the connection
    while data := await reader.read(65_536):
        writer.write(data)
        await writer.drain()
    writer.write_eof()


async def _stop(server: asyncssh.SSHAcceptor) -> None:
    server.close()
    await server.wait_closed()
