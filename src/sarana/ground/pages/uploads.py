"""Files in forms: small ones stay in memory, and none ever lies on a disk in clear.

Where a room takes large files, its taker gets them piece by piece while they come, and the page asks what came of it.
"""

from collections.abc import Callable
from typing import Any, Protocol

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import MemoryFileUploadHandler, StopFutureHandlers, StopUpload
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string

from sarana.basics.errors import BadFile, SaranaError

ATTRIBUTE = "coming_file"


class Taker(Protocol):
    """Takes one file while it comes."""

    fault: SaranaError | None

    def take(self, piece: bytes) -> None:
        """The next piece."""

    def end(self) -> None:
        """Nothing more comes."""

    def let_go(self) -> None:
        """The request is over: what was not kept goes."""


type MakeTaker = Callable[[Any, int], Taker]
"""Given the actor and the length of the form: the taker, with its fault where it may not come."""


class TooLarge(UploadedFile):  # type: ignore[type-arg]
    """A file that was larger than may lie in memory: a form learns its size, and nobody what was in it."""

    def read(self, *_words: Any) -> bytes:
        """Nothing of it was kept.

        Raises:
            RequestDataTooBig: always.
        """
        raise RequestDataTooBig(f"a file of more than {settings.FILE_UPLOAD_MAX_MEMORY_SIZE} bytes")


class Uploads(MemoryFileUploadHandler):
    """Hands a file to the taker of its address, or keeps a small one in memory; of a large one nothing is kept."""

    taker: Taker | None = None
    n_files = 0

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803 - the library's name
        content_length: int,
        boundary: Any,
        encoding: Any = None,
    ) -> None:
        """Decide by the address and by who asks, before anything is read."""
        self.taker = _taker_of(self.request, content_length)
        super().handle_raw_input(input_data, META, content_length, boundary, encoding)

    def new_file(self, *words: Any, **more: Any) -> None:
        """A file begins; one that has a fault already is not taken."""
        if self.taker is None:
            super().new_file(*words, **more)
            return
        self.n_files += 1
        if self.n_files > 1 and self.taker.fault is None:
            self.taker.fault = BadFile(
                "PAGES-005", "More than one file came at once; none was kept.", cure="Send them one after the other."
            )
        if self.taker.fault is not None:
            raise StopUpload(connection_reset=False)
        raise StopFutureHandlers

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """The next piece."""
        if self.taker is None:
            return super().receive_data_chunk(raw_data, start) if self.activated else None
        try:
            self.taker.take(raw_data)
        except SaranaError as err:
            self.taker.fault = err
            raise StopUpload(connection_reset=False) from err
        return None

    def file_complete(self, file_size: int) -> "UploadedFile[Any] | None":
        """The file ended, or the line did: the page sees to that."""
        if self.taker is None:
            return (
                super().file_complete(file_size) if self.activated else TooLarge(None, self.file_name, size=file_size)
            )
        try:
            self.taker.end()
        except SaranaError as err:
            self.taker.fault = err
        return None


def _taker_of(request: HttpRequest | None, n_bytes: int) -> Taker | None:
    if request is None:
        return None
    match, actor = request.resolver_match, getattr(request, "actor", None)
    name = settings.SARANA_TAKERS.get(match.view_name, "") if match else ""
    if not name or actor is None:
        return None
    make: MakeTaker = import_string(name)
    taker = make(actor, n_bytes)
    setattr(request, ATTRIBUTE, taker)
    return taker


class UploadsMiddleware:
    """Lets go of what came and was not kept, however the request ended."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep what comes after."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; then let go."""
        try:
            return self.get_response(request)
        finally:
            taker: Taker | None = getattr(request, ATTRIBUTE, None)
            if taker is not None:
                taker.let_go()
