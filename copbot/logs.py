"""Logs that never hold words or people: our own events by name, everybody else's by level and kind alone."""

import logging
import sys

import structlog

#: What our own log lines may carry. Anything else is dropped before it is written.
_ALLOWED = frozenset(
    {"event", "level", "timestamp", "job", "error", "code", "platform", "reason", "attempts", "count", "seconds", "version"}
)


def set_up(*, verbose: bool = False) -> None:
    """Send every log line, ours and third parties', through the allow-list to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Contentless())
    logging.basicConfig(handlers=[handler], level=logging.INFO if verbose else logging.WARNING, force=True)
    logging.captureWarnings(capture=True)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            allowed_only,
            structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"], bool_as_flag=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO if verbose else logging.WARNING),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def allowed_only(_logger: object, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Keep what is on the list; a word that slipped into another field goes no further."""
    return {name: value for name, value in event.items() if name in _ALLOWED}


class Contentless(logging.Formatter):
    """What a library logs, reduced to who logged, how grave, and the class of the exception."""

    def format(self, record: logging.LogRecord) -> str:
        """Drop message and arguments: libraries put tokens, texts and ids there."""
        exception = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else "-"
        return f"level={record.levelname.lower()} event=library logger={record.name} error={exception}"
