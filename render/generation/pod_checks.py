"""What is wrong with the pods that an object asks for: what Kubernetes would refuse, and what has no effect."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from render.findings import Finding, Severity
from render.generation import pod_schema
from render.objects.schema import path_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from render.findings import ObjectKey, Report
    from render.generation.fields import Block

STORAGE_KINDS = ("emptyDir", "ephemeral", "volumeClaimTemplate")
"""In the order of who wins."""
IMAGE_PARTS = ("sha", "tag", "baseImage")


class Asked(NamedTuple):
    """What an object asks for (`spec`), and the pods (`pod`) and volume claims that are made of it."""

    spec: Any
    pod: Block
    claims: list[Block]


class Fault(NamedTuple):
    """Something wrong; Kubernetes would refuse the object where it is `fatal`."""

    field: str
    message: str
    hint: str
    fatal: bool = False


def check(key: ObjectKey, workload: Block, spec: Any, report: Report, kube_version: tuple[int, int]) -> None:  # noqa: ANN401 - the spec of a workload object
    """Report what is wrong with a StatefulSet or DaemonSet that was made of `spec`, for a cluster of this version."""
    body = workload["spec"]
    asked = Asked(spec, body["template"]["spec"], body.get("volumeClaimTemplates", []))
    for look in (*CHECKS, partial(_schema, workload, kube_version)):
        for fault in look(asked):
            severity = Severity.ERROR if fault.fatal else Severity.WARNING
            code = "pod-invalid" if fault.fatal else "no-effect"
            report.add(Finding(severity, code, fault.message, key, fault.field, hint=fault.hint))


def _schema(workload: Block, kube_version: tuple[int, int], asked: Asked) -> Iterator[Fault]:
    for field, error in pod_schema.faults(workload, asked.spec, kube_version):
        message = f"{path_text(error.path)} {error.message}, says Kubernetes' schema of a {workload['kind']}"
        yield Fault(field, message, error.hint or "correct it", fatal=True)


def _numbers(asked: Asked) -> Iterator[Fault]:
    for name, least in (("replicas", 0), ("shards", 1)):
        value = getattr(asked.spec, name, None)
        if value is not None and value < least:
            yield Fault(f"spec.{name}", f"{name} cannot be {value}", f"write {least} or more")


def _image(asked: Asked) -> Iterator[Fault]:
    image = asked.spec.image
    given = [part for part in IMAGE_PARTS if getattr(asked.spec, part, None)]
    if image and image.strip():
        for part in given:
            yield Fault(f"spec.{part}", f"{part} has no effect beside image", f"remove spec.{part}, or spec.image")
    elif "sha" in given and "tag" in given:
        yield Fault("spec.tag", "tag has no effect beside sha", "remove one of the two")


def _storage(asked: Asked) -> Iterator[Fault]:
    given = [kind for kind in STORAGE_KINDS if (asked.spec.storage or {}).get(kind) is not None]
    for kind in given[1:]:
        message = f"storage.{kind} has no effect beside storage.{given[0]}"
        yield Fault(f"spec.storage.{kind}", message, "keep one kind of storage")


def _containers(asked: Asked) -> Iterator[Fault]:
    """A container that was meant to change one of ours has no image of its own."""
    for attribute in ("containers", "initContainers"):
        made = asked.pod.get(attribute, [])
        without_image = {container.get("name") for container in made if not container.get("image")}
        names = ", ".join(container["name"] for container in made if container.get("image"))
        for number, container in enumerate(getattr(asked.spec, attribute) or ()):
            name = container.get("name")
            if name in without_image:
                message = f"the container {name!r} has no image, and none of ours that it could change has this name"
                hint = f"add an image, or name one of {names}" if names else "add an image"
                yield Fault(f"spec.{attribute}[{number}]", message, hint, fatal=True)


def _mounts(asked: Asked) -> Iterator[Fault]:
    volumes = [volume.get("name") for volume in asked.pod.get("volumes", [])]
    known = {*volumes, *(claim["metadata"]["name"] for claim in asked.claims)}
    for attribute in ("initContainers", "containers"):
        for container in asked.pod.get(attribute, []):
            for mount in container.get("volumeMounts", []):
                if mount.get("name") not in known:
                    message = (
                        f"the container {container['name']!r} mounts {mount.get('name')!r}, and no volume has this name"
                    )
                    yield Fault(
                        _origin(asked, attribute, container, mount), message, "add it to spec.volumes", fatal=True
                    )
    for name in sorted({name for name in volumes if volumes.count(name) > 1}):
        yield Fault("spec.volumes", f"two volumes have the name {name!r}", "rename yours", fatal=True)


def _origin(asked: Asked, attribute: str, container: Block, mount: Block) -> str:
    """The field that a mount was written in."""
    for number, given in enumerate(asked.spec.volumeMounts or ()):
        if given.get("name") == mount.get("name"):
            return f"spec.volumeMounts[{number}]"
    for number, given in enumerate(getattr(asked.spec, attribute) or ()):
        if given.get("name") == container["name"]:
            return f"spec.{attribute}[{number}].volumeMounts"
    return f"spec.{attribute}"


def _host(asked: Asked) -> Iterator[Fault]:
    if asked.pod.get("hostNetwork") and asked.pod.get("hostUsers") is False:
        message = "a pod in the host's network cannot have users of its own"
        yield Fault("spec.hostUsers", message, "remove hostUsers: false, or hostNetwork: true", fatal=True)


def _grpc(asked: Asked) -> Iterator[Fault]:
    sidecar = getattr(asked.spec, "thanos", None)
    for field, holder in (("spec", asked.spec), ("spec.thanos", sidecar)):
        tls = getattr(holder, "grpcServerTlsConfig", None)
        for name in ("ca", "cert", "keySecret"):
            if tls is not None and getattr(tls, name) is not None:
                message = (
                    f"grpcServerTlsConfig.{name} has no effect: the server reads caFile, certFile and keyFile alone"
                )
                hint = "mount the Secret with volumes and volumeMounts, and give the path of its file"
                yield Fault(f"{field}.grpcServerTlsConfig.{name}", message, hint)


CHECKS = (_numbers, _image, _storage, _containers, _mounts, _host, _grpc)
