"""Service discovery of ScrapeConfigs: one module per kind.

`KINDS` is the order in which the kinds are checked and written. A new kind is one module and one entry here.
"""

from __future__ import annotations

from render.generation.prometheus.discovery.azure import AZURE
from render.generation.prometheus.discovery.consul import CONSUL
from render.generation.prometheus.discovery.digitalocean import DIGITALOCEAN
from render.generation.prometheus.discovery.dns import DNS
from render.generation.prometheus.discovery.docker import DOCKER
from render.generation.prometheus.discovery.dockerswarm import DOCKERSWARM
from render.generation.prometheus.discovery.ec2 import EC2
from render.generation.prometheus.discovery.eureka import EUREKA
from render.generation.prometheus.discovery.file import FILE
from render.generation.prometheus.discovery.gce import GCE
from render.generation.prometheus.discovery.hetzner import HETZNER
from render.generation.prometheus.discovery.http import HTTP
from render.generation.prometheus.discovery.ionos import IONOS
from render.generation.prometheus.discovery.kubernetes import KUBERNETES
from render.generation.prometheus.discovery.kuma import KUMA
from render.generation.prometheus.discovery.lightsail import LIGHTSAIL
from render.generation.prometheus.discovery.linode import LINODE
from render.generation.prometheus.discovery.nomad import NOMAD
from render.generation.prometheus.discovery.openstack import OPENSTACK
from render.generation.prometheus.discovery.ovhcloud import OVHCLOUD
from render.generation.prometheus.discovery.puppetdb import PUPPETDB
from render.generation.prometheus.discovery.scaleway import SCALEWAY
from render.generation.prometheus.discovery.static import STATIC

KINDS = (
    STATIC,
    FILE,
    HTTP,
    KUBERNETES,
    CONSUL,
    DNS,
    EC2,
    AZURE,
    GCE,
    OPENSTACK,
    DIGITALOCEAN,
    KUMA,
    EUREKA,
    DOCKER,
    LINODE,
    HETZNER,
    NOMAD,
    DOCKERSWARM,
    PUPPETDB,
    LIGHTSAIL,
    OVHCLOUD,
    SCALEWAY,
    IONOS,
)
