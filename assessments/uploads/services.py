"""Receiving a file in pieces, and making it evidence when it is whole. Written nowhere else.

The audit trail begins with the piece of evidence: take_in writes it. What never became one is nobody's evidence, and
goes after three days.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from assessments.evidence.services import AlreadyThere, TakenIn, take_in
from assessments.evidence.storage import StorageAway
from assessments.files.names import clean_name
from assessments.files.refusals import BadFile, ScannerAway
from assessments.models import Upload
from assessments.uploads import parts
from assessments.uploads.access import Target
from assessments.uploads.refusals import Away, Ended, Malformed, NoRoom, TooLarge, TooMany, UploadRefused, WrongOffset
from institutions.refusals import Refused

MOST_OPEN = 200  # uploads of one person that are neither taken in nor refused
MOST_TO_COME = 5  # times settings.EVIDENCE_MAX_BYTES: what they may still bring together
KEPT = timedelta(days=3)
GIVES_WAY = timedelta(hours=1)  # untouched for so long, one makes room for its owner's next, where there is none


def begin(target: Target, *, name: str, size: int, by) -> Upload:
    """Get ready for a file of `size` bytes. Raises UploadRefused; then nothing of it has to be sent at all."""
    name = clean_name(name)
    if size <= 0:
        raise Malformed(f"“{name}”是空文件（0 字节），没有内容可传。请核对后重新选择。")
    check_size(name, size)
    if target.replaces and target.replaces.withdrawn_at:
        raise Ended(f"“{target.replaces.title}”已经撤回，不能再换版本。需要时请重新上传。")
    parts.check_room(size)
    _make_way(by, size)
    now = timezone.now()
    return Upload.objects.create(
        county=target.county,
        requirement=target.requirement,
        institution=target.institution,
        replaces=target.replaces,
        file_name=name,
        size=size,
        by=by,
        made_at=now,
        touched_at=now,
    )


def _make_way(by, size: int) -> None:
    """For one more of this person's, in place of those that they left alone, the oldest first. Raises TooMany."""
    most = MOST_TO_COME * settings.EVIDENCE_MAX_BYTES
    unfinished = list(Upload.objects.filter(by=by, piece=None, fault="").order_by("touched_at"))
    to_come = size + sum(each.size - each.received for each in unfinished)
    count, idle_since = len(unfinished), timezone.now() - GIVES_WAY
    for upload in unfinished:
        if count < MOST_OPEN and to_come <= most:
            return
        if upload.touched_at >= idle_since:
            break
        if _clear(upload):
            count, to_come = count - 1, to_come - (upload.size - upload.received)
    if count >= MOST_OPEN or to_come > most:
        together = "" if count >= MOST_OPEN else f"，合计 {parts.readable(to_come - size)}"
        raise TooMany(f"您有 {count} 个文件还没有传完{together}。请先传完或取消；中断 1 小时以上的会自动让位。")


def check_size(name: str, size: int) -> None:
    """Raises TooLarge."""
    most = settings.EVIDENCE_MAX_BYTES
    if size > most:
        raise TooLarge(
            f"“{name}”有 {parts.readable(size)}，超过单个文件 {parts.readable(most)} 的上限。请压缩或拆分后再传。"
        )


def append(upload: Upload, offset: int, read: Callable[[int], bytes], length: int) -> int:
    """Add `length` bytes, fewer where the connection breaks, behind the `offset` that are there; how many there are
    then is the answer, and is on the disk.

    Raises Busy, WrongOffset, TooLarge, NoRoom, Ended; Upload.DoesNotExist where it was dropped meanwhile.
    """
    with parts.held(upload.pk) as file:
        _look_again(upload)
        received = parts.length_of(upload.pk)
        if offset != received:
            raise WrongOffset(f"“{upload.file_name}”已收到 {received} 字节，应从那里接着传。")
        if length > upload.size - received:
            raise TooLarge(f"“{upload.file_name}”传来的内容比文件本身长，可能传到一半时文件被改动。请重新选择后再传。")
        try:
            parts.check_room(length)
            parts.append(file, read, length)
        finally:
            upload.received = parts.length_of(upload.pk)
            upload.touched_at = timezone.now()
            upload.save(update_fields=["received", "touched_at"])
    return upload.received


def finish(upload: Upload, *, by) -> Upload:
    """Make a whole file evidence, once: afterwards it has its `piece`, or the `fault` for which it was not taken (and
    with it the piece that is this very file, where that was the fault).

    Done again it changes nothing. Raises Away and NoRoom where the whole file stays for a later try, Busy.
    """
    if upload.piece_id or upload.fault:
        return upload
    with parts.held(upload.pk):
        try:
            _look_again(upload)
        except Ended:
            return upload
        if parts.length_of(upload.pk) != upload.size:
            raise WrongOffset(f"“{upload.file_name}”还没有传完。")
        try:
            _take_in(upload, by)
        except UploadRefused:
            raise
        except (BadFile, Refused) as refused:
            upload.fault = str(refused)[:300]
            upload.piece = refused.piece if isinstance(refused, AlreadyThere) else None
            upload.save(update_fields=["fault", "piece"])
        parts.remove(upload.pk)
    return upload


def drop(upload: Upload) -> None:
    """Forget what was received. Raises Ended where it was taken in already, Busy."""
    token = upload.pk
    with parts.held(token):
        _look_again(upload)
        upload.delete()
        parts.remove(token)


def clear_abandoned(now: datetime | None = None) -> int:
    """Take away what nobody has gone on with for three days, and files that belong to no upload; how many uploads."""
    before = (now or timezone.now()) - KEPT
    cleared = sum(_clear(upload) for upload in Upload.objects.filter(touched_at__lt=before))
    known = {str(token) for token in Upload.objects.values_list("pk", flat=True)}
    for path in parts.older_than(before.timestamp()):
        if path.name not in known:
            path.unlink(missing_ok=True)
    return cleared


def _look_again(upload: Upload) -> None:
    """At what became of it before it was ours alone. Raises Ended."""
    try:
        upload.refresh_from_db(fields=["received", "piece", "fault"])
    except Upload.DoesNotExist:
        parts.remove(upload.pk)
        raise
    if upload.piece_id or upload.fault:
        parts.remove(upload.pk)
        raise Ended(f"“{upload.file_name}”已经处理完毕，不用再传。")


def _take_in(upload: Upload, by) -> None:
    def note(taken: TakenIn) -> None:
        upload.piece = taken.piece
        upload.save(update_fields=["piece"])

    try:
        with parts.to_give_away(upload.pk) as whole:
            take_in(
                whole,
                name=upload.file_name,
                county=upload.county,
                requirement=upload.requirement,
                institution=upload.institution,
                replaces=upload.replaces,
                by=by,
                then=note,
            )
    except (ScannerAway, StorageAway) as away:
        raise Away(str(away)) from away
    except OSError as error:
        if error.errno in parts.FULL:
            raise NoRoom(parts.NO_ROOM) from error
        raise


def _clear(upload: Upload) -> bool:
    """Whether it is gone."""
    token = upload.pk
    try:
        with parts.held(token):
            upload.delete()
            parts.remove(token)
    except UploadRefused:  # somebody goes on with it just now
        return False
    return True
