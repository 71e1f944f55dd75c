"""The way to Redis for Celery, mended in two places where a worker that loses its broker ends, or stays and hears nothing.

Both are as of Celery and kombu 5.7, and both need a message under way when Redis goes, which with ``acks_late`` is the usual
case. tests/config/test_broker.py shows each with and without: when both hold without, this file may go.
"""

from __future__ import annotations

from typing import Any

from kombu.transport import redis


class Channel(redis.Channel):
    """A channel that closes, and that does not keep silent about a message it could not acknowledge."""

    connection_errors: tuple[type[Exception], ...]

    def close(self) -> None:
        """Close, although Redis is gone.

        The first attempt fails at the answer to the waiting BRPOP and leaves the channel open. Celery would close it again when
        the connection has forgotten its address, and end: ``'NoneType' object has no attribute 'hostname'``.
        """
        try:
            super().close()
        except self.connection_errors:
            super().close()

    def basic_ack(self, delivery_tag: Any, multiple: bool = False) -> None:
        """Acknowledge, or have the worker connect anew.

        Celery logs a message that it could not acknowledge and counts it as under way for ever. With as many of them as it may
        hold at once it takes no more, and does not notice that Redis is back. A broken pipe is the one error after which it
        connects anew, with nothing under way.
        """
        try:
            super().basic_ack(delivery_tag, multiple)
        except self.connection_errors as problem:
            raise BrokenPipeError(f"Redis took no acknowledgement: {problem}") from problem


class Transport(redis.Transport):
    """kombu's, with these channels."""

    Channel = Channel
