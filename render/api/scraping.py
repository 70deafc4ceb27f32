"""What all monitors say alike about scraping."""

from render.api.model import Model
from render.api.scalars import Quantity, UInt64


class NativeHistogramConfig(Model, kw_only=True, frozen=True):
    """How classic and native histograms are scraped."""

    convertClassicHistogramsToNHCB: bool | None = None
    nativeHistogramBucketLimit: UInt64 | None = None
    nativeHistogramMinBucketFactor: Quantity | None = None
    scrapeClassicHistograms: bool | None = None
    scrapeNativeHistograms: bool | None = None


class AttachMetadata(Model, kw_only=True, frozen=True):
    """Which metadata of neighbouring objects discovery attaches to a target."""

    node: bool | None = None
