"""Generation -> an object store (S3, Azure, Google), and back: whole for whoever asks by the pointer.

    current.json                 the pointer: which generation is published; exchanged by a conditional write
    generations/<id>/...         a generation's files, never changed; two are kept
    generations/<id>/site-*.json what the pages are made from
    feeds/...                    the same files under stable names, for subscribers; index.json is written last

A write that is conditional on what was read before is the only lock: a publisher that was overtaken, or whose fencing
number is lower than the one that stands there, changes nothing more.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

import msgspec

from calfeed.errors import CalfeedError, PublishError, Spot
from calfeed.feeds.generation import INDEX, MANIFEST, Generation
from calfeed.publish.http import CACHE_CONTROL, disposition, media_type
from calfeed.publish.manifest import DamagedError, Manifest, digests_of, read_manifest
from calfeed.settings import Target

if TYPE_CHECKING:
    from obstore import UpdateVersion
    from obstore.store import ObjectStore

POINTER = "current.json"
GENERATIONS = "generations"
STABLE = "feeds"
# A generation that has just been left may still be read: it is kept this long, however many are newer.
GRACE = timedelta(hours=1)
# Requests at once to one store.
AT_ONCE = 8
FOR_EVER = "public, max-age=31536000, immutable"
NEVER_KEPT = "no-store"

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


class Pointer(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is published: the generation `id`, with `site` the name of the object that its pages are made from.

    `stable` is the generation that all stable names have, None while they are being written. `fence` is the highest
    fencing number that ever published here."""

    id: str
    site: str | None = None
    previous: str | None = None
    stable: str | None = None
    fence: int = 0


class Found(msgspec.Struct, frozen=True):
    """The pointer as it was read, with the version that a write is conditional on (None: there was none)."""

    pointer: Pointer | None
    version: UpdateVersion | None


def open_store(target: Target) -> ObjectStore:
    """The store of an s3://, az:// or gs:// address. Credentials come from the environment or the machine's role, never
    from calfeed.toml. Raises PublishError where the extra `store` is missing or the address makes no sense."""
    try:
        from obstore.exceptions import BaseError
        from obstore.store import from_url
    except ImportError as error:
        raise PublishError(
            "publishing to an object store needs obstore.",
            spot=Spot(target.url),
            mend='Install it with `pip install "calfeed[store]"`.',
        ) from error
    config = {name: value for name, value in (("endpoint", target.endpoint), ("region", target.region)) if value}
    client = {
        "timeout": timedelta(seconds=30),
        "connect_timeout": timedelta(seconds=5),
        "allow_http": bool(target.endpoint and target.endpoint.startswith("http://")),
    }
    retry = {"max_retries": 2, "retry_timeout": timedelta(seconds=20)}
    try:
        store: ObjectStore = from_url(target.url, config=config, client_options=client, retry_config=retry)  # type: ignore[call-overload]
        return store
    except (BaseError, ValueError, TypeError) as error:
        raise PublishError(f"this target cannot be opened: {_said(error)}.", spot=Spot(target.url)) from error


def find(store: ObjectStore) -> Found:
    """The pointer of a store. Raises PublishError where it cannot be read."""
    import obstore

    with _told():
        try:
            answer = obstore.get(store, POINTER)
        except FileNotFoundError:
            return Found(None, None)
        return Found(msgspec.json.decode(bytes(answer.bytes()), type=Pointer), version_of(answer.meta))


def publish_to_store(
    store: ObjectStore,
    generation: Generation,
    site: bytes,
    *,
    now: datetime,
    fence: int | None = None,
    grace: timedelta = GRACE,
) -> bool:
    """Put the generation, and what its pages are made from, into the store; False where all was there already.

    `fence` is the number of the lease under which this is done; None takes the highest that published before. `now`
    (UTC) tells which generations are old. Raises PublishError: before the pointer is exchanged nothing that readers see
    has changed, after it the next call goes on with the stable names."""
    found = find(store)
    old = found.pointer
    if old is not None and fence is not None and old.fence > fence:
        raise _overtaken()
    name = f"site-{hashlib.sha256(site).hexdigest()[:16]}.json"
    changed = old is None or (old.id, old.site) != (generation.id, name)
    if not changed and old is not None and old.stable == generation.id:
        return False
    with _told():
        if changed:
            _put_generation(store, generation, name, site)
        previous = old.id if old and old.id != generation.id else old.previous if old else None
        pointer = Pointer(generation.id, name, previous, None, max(fence or 0, old.fence if old else 0))
        version = _exchange(store, pointer, found.version)
        before = _standing(store, old)
        _put_stable(store, generation, before)
        _exchange(store, msgspec.structs.replace(pointer, stable=generation.id), version)
        _forget(store, {generation.id, previous}, now - grace)
    return True


def load_from_store(store: ObjectStore, known: Generation | None = None) -> tuple[Pointer, Generation, bytes]:
    """The published generation, each file checked against its manifest, and what its pages are made from.

    Files that `known` has with the same digest are not fetched again. Raises PublishError where there is none, or it is
    not whole."""
    pointer = find(store).pointer
    if pointer is None:
        raise PublishError("nothing is published there yet.", mend="Publish with `calfeed publish` first.")
    below = f"{GENERATIONS}/{pointer.id}"
    with _told():
        octets = _get(store, f"{below}/{MANIFEST}")
        manifest = read_manifest(octets)
        files, digests = _files(store, below, manifest, known)
        files[MANIFEST], digests[MANIFEST] = octets, hashlib.sha256(octets).hexdigest()
        site = _get(store, f"{below}/{pointer.site}")
    return pointer, Generation(manifest.id, dict(sorted(files.items())), dict(sorted(digests.items()))), site


def version_of(meta: Mapping[str, object]) -> UpdateVersion:
    """What makes a later write conditional on this object being unchanged."""
    version: UpdateVersion = {}
    if isinstance(tag := meta.get("e_tag"), str):
        version["e_tag"] = tag
    if isinstance(number := meta.get("version"), str):
        version["version"] = number
    return version


def _put_generation(store: ObjectStore, generation: Generation, name: str, site: bytes) -> None:
    """All files of a generation under its id; the manifest last, so that it is there only with all others."""
    import obstore

    below = f"{GENERATIONS}/{generation.id}"

    def put(path: str) -> None:
        headers = _headers(path, FOR_EVER)
        obstore.put(store, f"{below}/{path}", generation.files[path], attributes=headers, use_multipart=False)

    obstore.put(store, f"{below}/{name}", site, attributes=_headers(name, NEVER_KEPT), use_multipart=False)
    _each(put, (path for path in generation.files if path != MANIFEST))
    put(MANIFEST)


def _put_stable(store: ObjectStore, generation: Generation, same: Mapping[str, str]) -> None:
    """The files under their stable names, but those that `same` has with their digest; the index last of all.

    Each write is conditional on what stood there when the first began: a publisher that was stopped in between cannot
    put an old file over a newer one."""
    import obstore

    standing = {
        str(meta["path"]).rpartition("/")[2]: version_of(meta)
        for batch in obstore.list(store, STABLE)
        for meta in batch
    }
    digests = digests_of(generation)

    def put(path: str) -> None:
        version = standing.get(path)
        headers = _headers(path, CACHE_CONTROL)
        name = f"{STABLE}/{path}"
        octets = generation.files[path]
        obstore.put(store, name, octets, attributes=headers, mode=version or "create", use_multipart=False)

    last = (MANIFEST, INDEX)
    wanted = [path for path in generation.files if path not in standing or same.get(path) != digests[path]]
    _each(put, (path for path in wanted if path not in last))
    for path in last:
        if path in wanted:
            put(path)
    _each(lambda path: obstore.delete(store, f"{STABLE}/{path}"), sorted(set(standing) - set(generation.files)))


def _standing(store: ObjectStore, old: Pointer | None) -> Mapping[str, str]:
    """The digests of the stable names; none where a publisher stopped while it wrote them."""
    if old is None or old.stable is None:
        return {}
    try:
        octets = _get(store, f"{GENERATIONS}/{old.stable}/{MANIFEST}")
        return {path: listed.sha256 for path, listed in read_manifest(octets).files.items()}
    except (FileNotFoundError, DamagedError):
        return {}


def _exchange(store: ObjectStore, pointer: Pointer, version: UpdateVersion | None) -> UpdateVersion:
    import obstore

    octets = msgspec.json.encode(pointer)
    headers = _headers(POINTER, NEVER_KEPT)
    answer = obstore.put(store, POINTER, octets, attributes=headers, mode=version or "create", use_multipart=False)
    return version_of(answer)


def _forget(store: ObjectStore, kept: set[str | None], before: datetime) -> None:
    """Delete the generations that nothing points to and that are as old as `before`."""
    import obstore

    below = obstore.list_with_delimiter(store, GENERATIONS)["common_prefixes"]
    for prefix in below:
        if prefix.rstrip("/").rpartition("/")[2] in kept:
            continue
        objects = [meta for batch in obstore.list(store, prefix) for meta in batch]
        if all(meta["last_modified"] <= before for meta in objects):
            obstore.delete(store, [str(meta["path"]) for meta in objects])


def _files(
    store: ObjectStore, below: str, manifest: Manifest, known: Generation | None
) -> tuple[dict[str, bytes], dict[str, str]]:
    """The files that the manifest lists, checked, and their digests."""

    def get(path: str) -> bytes:
        digest = manifest.files[path].sha256
        if known is not None and known.digests.get(path) == digest:
            return known.files[path]
        octets = _get(store, f"{below}/{path}")
        if hashlib.sha256(octets).hexdigest() != digest:
            raise DamagedError(f"{path} is not the file that {MANIFEST} lists")
        return octets

    paths = tuple(manifest.files)
    files = dict(zip(paths, _each(get, paths), strict=True))
    return files, {path: listed.sha256 for path, listed in manifest.files.items()}


def _get(store: ObjectStore, path: str) -> bytes:
    import obstore

    return bytes(obstore.get(store, path).bytes())


def _headers(path: str, cache: str) -> dict[str, str]:
    return {"Content-Type": media_type(path), "Cache-Control": cache, "Content-Disposition": disposition(path)}


def _each(do: Callable[[_Item], _Result], items: Iterable[_Item]) -> list[_Result]:
    """The results for all items, some at once; the first error is raised after those that run have ended."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(do, items))


@contextmanager
def _told() -> Iterator[None]:
    """What a store answers, as one sentence without addresses that are signed."""
    from obstore.exceptions import AlreadyExistsError, BaseError, PreconditionError

    try:
        yield
    except (AlreadyExistsError, PreconditionError) as error:
        raise _overtaken() from error
    except CalfeedError:
        raise
    except (BaseError, OSError, DamagedError, msgspec.DecodeError) as error:
        raise PublishError(
            f"the object store did not do it: {_said(error)}.",
            mend="What was published there stays; it is tried again at the next refresh, or with `calfeed publish`.",
        ) from error


def _overtaken() -> PublishError:
    return PublishError(
        "another publisher was there in between; its generation stays.",
        mend="Let one machine refresh, or publish again.",
    )


def _said(error: BaseException) -> str:
    """The first line of a store's error, without the query of an address, which may be signed."""
    line = next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)
    return " ".join(word.partition("?")[0] for word in line.split())[:200].rstrip(".")
