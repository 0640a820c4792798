"""What Telegram's refusals mean for copbot."""

from datetime import timedelta

from telegram.error import BadRequest, Forbidden, InvalidToken, RetryAfter, TelegramError

from copbot.vocabulary import Reason, TryLater, Undeliverable, Unreachable

#: What Telegram writes when it refuses, and why a chat cannot be written to then.
_REASONS: tuple[tuple[str, Reason], ...] = (
    ("blocked by the user", "blocked"),
    ("user is deactivated", "deactivated"),
    ("initiate conversation", "never started"),
    ("kicked", "kicked"),
    ("not a member", "kicked"),
    ("group chat was deleted", "gone"),
    ("chat was deactivated", "gone"),
    ("group is deactivated", "gone"),
    ("messages to bots", "gone"),
    ("not enough rights", "not allowed"),
    ("have no rights", "not allowed"),
    ("need administrator rights", "not allowed"),
    ("chat_write_forbidden", "not allowed"),
    ("chat_restricted", "not allowed"),
    ("_forbidden", "not allowed"),
)

#: What it writes when it does not know the chat: a person who never wrote to copbot, or a group that is no more.
_UNKNOWN = ("chat not found", "user not found", "peer_id_invalid", "user_id_invalid", "chat_id_invalid")

_NO_TOPIC = ("topic_closed", "topic_deleted", "topic_id_invalid", "thread not found", "topic not found")

_FILES = ("photo", "image", "file", "voice", "audio", "video", "document", "_docs_", "wrong type", "media")

#: Seconds between two tries while the token is refused; the poll says so loudly.
_PATIENCE = 60.0


def translated(problem: TelegramError, *, private: bool) -> Exception:
    """What `send` raises for it: when to try again, why not to, or that this message will never be taken.

    What comes back as it is (the network, Telegram's own trouble) is tried again with growing patience. BadRequest is a kind of
    NetworkError to PTB, though no patience helps with it.
    """
    if isinstance(problem, RetryAfter):
        return TryLater(seconds_of(problem))
    if isinstance(problem, InvalidToken):
        return TryLater(_PATIENCE)
    if not isinstance(problem, BadRequest | Forbidden):
        return problem
    says = problem.message.casefold()
    if any(words in says for words in _UNKNOWN):
        return Unreachable("never started" if private else "gone")
    if reason := next((reason for words, reason in _REASONS if words in says), None):
        return Unreachable(reason)
    if isinstance(problem, Forbidden):
        return Unreachable("blocked" if private else "not allowed")
    return Undeliverable(type(problem).__name__)


def seconds_of(problem: RetryAfter) -> float:
    """How long Telegram asks to wait."""
    wait = problem.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def is_about_the_topic(problem: TelegramError) -> bool:
    """Whether the topic of a group is closed or gone, and the group itself is not."""
    return any(words in problem.message.casefold() for words in _NO_TOPIC)


def is_about_the_file(problem: TelegramError) -> bool:
    """Whether it is the file that Telegram does not take."""
    return any(words in problem.message.casefold() for words in _FILES)
