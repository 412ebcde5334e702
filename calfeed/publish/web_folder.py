"""A folder that nginx or Caddy serves as calfeed itself would: each file beside its compressed forms.

The codings are files of the generation like any other, so that the folder is exchanged whole.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from calfeed.feeds.generation import MANIFEST, Generation
from calfeed.publish.http import CACHE_CONTROL, CODINGS, ENDINGS, MEDIA_TYPES
from calfeed.publish.manifest import digests_of

SERVERS = ("nginx", "caddy")


def with_codings(generation: Generation) -> Generation:
    """The generation with each file in each coding that makes it smaller, under the same id."""
    files = {path: octets for path, octets in generation.files.items() if path != MANIFEST}
    coded = {
        path + ENDINGS[coding]: shorter
        for path, octets in files.items()
        for coding, compress in CODINGS.items()
        if len(shorter := compress(octets)) < len(octets)
    }
    files |= coded
    listed = {path: {"sha256": digest} for path, digest in sorted(digests_of(Generation("", files)).items())}
    manifest = msgspec.json.encode({"id": generation.id, "files": listed})
    whole = dict(sorted({**files, MANIFEST: manifest}.items()))
    return Generation(generation.id, whole, digests_of(Generation("", whole)))


def configuration(server: str, folder: Path) -> str:
    """What to include in the configuration of `server` ("nginx" or "caddy"), so that it serves `folder` as /feeds/."""
    return {"nginx": _nginx, "caddy": _caddy}[server](folder)


def _nginx(folder: Path) -> str:
    types = "\n".join(f"        {kind.partition(';')[0]} {ending[1:]};" for ending, kind in MEDIA_TYPES.items())
    return f"""# calfeed: include this in a server block. Uncomment brotli_static and zstd_static where nginx has them.
location /feeds/ {{
    alias {folder}/;
    types {{
{types}
    }}
    charset utf-8;
    charset_types text/calendar text/csv application/atom+xml;
    location ~ /(index|generation)\\.json$ {{
        types {{ application/json json; }}
        add_header Cache-Control "{CACHE_CONTROL}";
        add_header Access-Control-Allow-Origin "*";
    }}
    gzip_static on;
    gzip_vary on;
    # brotli_static on;
    # zstd_static on;
    limit_except GET {{ deny all; }}
    add_header Cache-Control "{CACHE_CONTROL}";
    add_header Access-Control-Allow-Origin "*";
    add_header Access-Control-Expose-Headers "ETag, Last-Modified, Content-Range";
    add_header X-Content-Type-Options "nosniff";
}}
"""


def _caddy(folder: Path) -> str:
    types = "\n".join(f'    header *{ending} Content-Type "{kind}"' for ending, kind in MEDIA_TYPES.items())
    return f"""# calfeed: import this in a site block.
handle_path /feeds/* {{
    root * {folder}
{types}
    header /index.json Content-Type "application/json"
    header /generation.json Content-Type "application/json"
    header Cache-Control "{CACHE_CONTROL}"
    header Access-Control-Allow-Origin "*"
    header Access-Control-Expose-Headers "ETag, Last-Modified, Content-Range"
    header X-Content-Type-Options "nosniff"
    file_server {{
        precompressed br zstd gzip
    }}
}}
"""
