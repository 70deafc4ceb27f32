"""The pod of a rendered StatefulSet as processes of this machine.

The volumes lie in a folder in the place of the pod's root, and the paths that lead to them are moved there, in
arguments and in what is mounted. Nothing else is changed but the addresses to listen on. The processes find the token
of the pod's account where kubelet puts it, in a mount namespace of their own.
"""

from __future__ import annotations

import base64
import gzip
import re
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.reloaders.daemons import SCRIPTS, Daemon, daemon, server
from tests.reloaders.mounts import Mount
from tests.rendered import GZIP
from tests.servers.prometheus_server import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Objects = dict[tuple[str, str, str], dict[str, Any]]

RELOADER = "config-reloader"
PLACE = "/run/secrets/kubernetes.io/serviceaccount"


class Account(NamedTuple):
    """The account of a pod: a folder with its token and the API's authority, and the API's address."""

    folder: Path
    api: str


class Running(NamedTuple):
    """A pod whose server and reloader run: the server's address, the reloader."""

    pod: Pod
    url: str
    reloader: Daemon


@dataclass(frozen=True)
class Pod:
    """The first pod of a StatefulSet; `objects` has what it mounts, by kind, namespace and name."""

    root: Path
    workload: dict[str, Any]
    objects: Objects
    account: Account

    @cached_property
    def spec(self) -> dict[str, Any]:
        """The pod's own spec."""
        found: dict[str, Any] = self.workload["spec"]["template"]["spec"]
        return found

    @cached_property
    def containers(self) -> dict[str, dict[str, Any]]:
        """All containers by name."""
        return {each["name"]: each for each in self.spec["initContainers"] + self.spec["containers"]}

    @property
    def certificates(self) -> Path:
        """The folder of the TLS files, and of other files that the reloader writes."""
        (path,) = {path for path, volume, _ in self._mounts() if volume == "tls-assets"}
        return self.path(path)

    @property
    def configuration(self) -> Path:
        """The file that the reloader makes and the server reads."""
        (path,) = (self.path(path) for path, volume, _ in self._mounts() if volume == "config-out")
        (file,) = path.iterdir()
        return file

    @property
    def log(self) -> str:
        """What all its processes have logged so far."""
        return "".join(file.read_text() for file in sorted(self.root.glob("*.log")))

    def path(self, path: str) -> Path:
        """Where a path of the pod lies here."""
        return self.root / path.removeprefix("/")

    def moved(self, text: str) -> str:
        """The text with the paths of mounted volumes as they are here."""
        paths = "|".join(sorted((re.escape(path) for path, _, _ in self._mounts()), key=len, reverse=True))
        return re.sub(rf"(?<![\w/])({paths})(?![\w-])", lambda found: f"{self.root}{found[1]}", text)

    def mount(self) -> None:
        """Lay out all volumes as kubelet does."""
        volumes = {volume["name"]: volume for volume in self.spec["volumes"]}
        for path, name, part in self._mounts():
            files = self._files(volumes[name])
            if part:
                self.path(path).parent.mkdir(parents=True, exist_ok=True)
                self.path(path).write_bytes(files[part])
            elif files:
                Mount(self.path(path), dict(files))
            else:
                self.path(path).mkdir(parents=True, exist_ok=True)

    def initialize(self) -> None:
        """Run the init container to its end; fails when it fails."""
        command = [*self._prefix(f"init-{RELOADER}"), str(SCRIPTS / RELOADER)]
        command += self._arguments(f"init-{RELOADER}", {"--listen-address": "127.0.0.1:0"})
        with (self.root / "init.log").open("wb") as log:
            done = subprocess.run(command, stdout=log, stderr=log, timeout=60, check=False)
        assert done.returncode == 0, self.log

    @contextmanager
    def serving(self, name: str, program: Path) -> Iterator[str]:
        """Run the container of the server, give its address when it is ready."""
        address = f"127.0.0.1:{free_port()}"
        arguments = self._arguments(name, {"--web.listen-address": address})
        command = [*self._prefix(name), str(program), *arguments]
        with server(*command, ready=f"http://{address}/-/ready", log=self.root / f"{name}.log"):
            yield f"http://{address}"

    @contextmanager
    def running(self, name: str, program: Path) -> Iterator[Running]:
        """Run all of it, from the volumes to the reloader."""
        self.mount()
        self.initialize()
        with self.serving(name, program) as url:
            addresses = {"--listen-address": "127.0.0.1:0", "--reload-url": f"{url}/-/reload"}
            flags = self._arguments(RELOADER, addresses)
            log = self.root / f"{RELOADER}.log"
            with daemon(RELOADER, *flags, log=log, prefix=self._prefix(RELOADER)) as reloader:
                yield Running(self, url, reloader)

    def _mounts(self) -> set[tuple[str, str, str]]:
        """Where each volume is mounted, and which part of it."""
        mounts = [mount for each in self.containers.values() for mount in each["volumeMounts"]]
        return {(mount["mountPath"], mount["name"], mount.get("subPath", "")) for mount in mounts}

    def _files(self, volume: dict[str, Any]) -> dict[str, bytes]:
        sources = volume.get("projected", {}).get("sources") or [volume]
        found: dict[str, bytes] = {}
        for source in sources:
            if "secret" in source:
                name = source["secret"].get("secretName") or source["secret"]["name"]
                stored = self._object("Secret", name).get("data") or {}
                found |= {key: self._content(base64.b64decode(value)) for key, value in stored.items()}
            elif "configMap" in source:
                stored = self._object("ConfigMap", source["configMap"]["name"]).get("data") or {}
                found |= {key: self._content(value.encode()) for key, value in stored.items()}
        return found

    def _object(self, kind: str, name: str) -> dict[str, Any]:
        found = self.objects.get((kind, self.workload["metadata"]["namespace"], name))
        assert found or kind == "ConfigMap", f"the pod cannot start: there is no {kind} {name}"
        return found or {}

    def _content(self, stored: bytes) -> bytes:
        if stored.startswith(GZIP):
            return gzip.compress(self._content(gzip.decompress(stored)))
        return self.moved(stored.decode()).encode()

    def _arguments(self, container: str, addresses: dict[str, str]) -> list[str]:
        """The container's arguments, moved here, with other addresses."""
        environment = self._environment(container)
        kept = [arg for arg in self.containers[container]["args"] if arg.partition("=")[0] not in addresses]
        expanded = [re.sub(r"\$\((\w+)\)", lambda found: environment[found[1]], arg) for arg in kept]
        return [self.moved(arg) for arg in expanded] + [f"{flag}={value}" for flag, value in addresses.items()]

    def _environment(self, container: str) -> dict[str, str]:
        name = f"{self.workload['metadata']['name']}-0"
        fields = {"metadata.name": name, "status.podIP": "127.0.0.1"}
        return {
            each["name"]: each["value"] if "value" in each else fields[each["valueFrom"]["fieldRef"]["fieldPath"]]
            for each in self.containers[container].get("env", ())
        }

    def _prefix(self, container: str) -> tuple[str, ...]:
        """The command that runs another with the container's environment and the pod's account."""
        host, _, port = self.account.api.removeprefix("https://").partition(":")
        variables = {"KUBERNETES_SERVICE_HOST": host, "KUBERNETES_SERVICE_PORT": port, **self._environment(container)}
        mounted = f'mount -t tmpfs none /run && mkdir -p {PLACE} && cp {self.account.folder}/* {PLACE} && exec "$@"'
        own_mounts = ("unshare", "--user", "--map-root-user", "--mount", "sh", "-c", mounted, "sh")
        return ("env", *(f"{name}={value}" for name, value in variables.items()), *own_mounts)
