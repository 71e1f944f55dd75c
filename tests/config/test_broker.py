"""A connection to a Redis that goes away: what kombu's own does then, and what ours does instead."""

from __future__ import annotations

import logging
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from celery import Celery
from django.conf import settings
from kombu import Connection, Consumer, Exchange, Queue
from kombu.common import ignore_errors
from kombu.exceptions import OperationalError
from kombu.message import Message

from config import broker
from config.launch.cluster import free_port
from tenancy.views import health
from tests.redis_server import Redis

OURS, KOMBUS = "config.broker:Transport", "redis"
ROOT = Path(__file__).resolve().parent.parent.parent
# Those of the settings, where the broker is Redis.
OPTIONS = {"visibility_timeout": 3600, "socket_timeout": 2, "socket_connect_timeout": 2, "max_retries": 0}
ASK = """
from config.celery import app
print(app.connection_for_write().transport_cls)
print(app.conf.broker_transport_options)
"""
log = logging.getLogger(__name__)


@pytest.fixture
def server(tmp_path: Path, socket_enabled: None) -> Iterator[Redis]:
    server = Redis(tmp_path)
    server.start()
    yield server
    server.kill()


class Worker:
    """What of a Celery worker holds the connection: a consumer of two messages at once, and a channel for the remote control."""

    def __init__(self, server: Redis, transport: str) -> None:
        self.connection = Connection(server.url, transport=transport, transport_options=OPTIONS)
        self.queue = Queue("celery", Exchange("celery"), "celery")
        self.messages: list[Message] = []
        self.channel: Any = self.connection.default_channel
        self.consumer = Consumer(self.channel, [self.queue], on_message=self.messages.append)
        self.consumer.qos(prefetch_count=2)
        self.consumer.consume()
        control = self.connection.channel()
        box = Queue("box", Exchange("control", "fanout"), auto_delete=True)
        self.control = Consumer(control, [box], on_message=self.messages.append)
        self.control.consume()

    def send(self, n: int) -> None:
        with self.connection.Producer() as producer:
            for _n in range(n):
                producer.publish({}, exchange=self.queue.exchange, routing_key="celery", declare=[self.queue])

    def take(self, n: int) -> None:
        while len(self.messages) < n:
            self.connection.drain_events(timeout=60)

    def wait_for_more(self) -> None:
        """As the event loop does between messages: BRPOP is sent, its answer awaited."""
        self.channel._brpop_start()

    def let_go(self) -> None:
        """What Celery does when it has lost the broker (``Consumer.on_connection_error_after_connected``)."""
        with suppress(Exception):
            self.connection.collect(socket_timeout=2)
        ignore_errors(self.connection, self.connection.close)

    def forget(self) -> None:
        """Or kombu would give the messages back when the tests end."""
        self.channel.qos._on_collect.cancel()


def lose_redis_with_a_message_under_way(server: Redis, transport: str) -> None:
    worker = Worker(server, transport)
    worker.send(1)
    worker.take(1)
    worker.wait_for_more()
    server.kill()
    try:
        worker.let_go()
    finally:
        worker.forget()


def test_a_connection_is_let_go_while_messages_are_under_way(server: Redis) -> None:
    lose_redis_with_a_message_under_way(server, OURS)


def test_without_ours_celery_ends_there(server: Redis) -> None:
    with pytest.raises(AttributeError, match="hostname"):
        lose_redis_with_a_message_under_way(server, KOMBUS)


def acknowledge_in_vain(server: Redis, transport: str) -> Worker:
    """Both messages done while Redis is away, acknowledged as Celery does it; then Redis is back."""
    worker = Worker(server, transport)
    worker.send(3)
    worker.take(2)
    server.kill()
    try:
        for message in worker.messages:
            message.ack_log_error(log, worker.connection.connection_errors)
    finally:
        server.start()
        worker.forget()
    return worker


def test_an_acknowledgement_in_vain_is_an_error_of_the_connection(server: Redis) -> None:
    with pytest.raises(BrokenPipeError) as told:
        acknowledge_in_vain(server, OURS)

    assert isinstance(told.value, broker.Transport.connection_errors), "Celery connects anew after these"


def test_without_ours_a_worker_is_full_for_ever(server: Redis) -> None:
    worker = acknowledge_in_vain(server, KOMBUS)

    assert not worker.channel.qos.can_consume()


def test_the_product_uses_it_where_the_broker_is_redis() -> None:
    """Asked of another process: the tests themselves run without Redis."""
    environment = os.environ | {"REDIS_URL": "redis://127.0.0.1:1/0", "PAIRING_LOCAL_SERVER": "never"}
    asked = subprocess.run(
        [sys.executable, "-c", ASK],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert asked.stdout.splitlines() == [OURS, str(OPTIONS)], asked.stderr


def sender(url: str) -> Celery:
    app = Celery("sender")
    app.conf.update({**settings.CELERY, "broker_url": url, "broker_transport": OURS, "broker_transport_options": OPTIONS})
    return app


def is_quick(act: Callable[[], object], seconds: float) -> bool:
    """Whether it can be done in that time: tried again where it took longer, for the machine may have had else to do."""
    for _try in range(5):
        began = time.monotonic()
        act()
        if time.monotonic() - began < seconds:
            return True
    return False


def send_in_vain(url: str) -> None:
    with sender(url) as app, pytest.raises(OperationalError):
        app.send_task("any", retry=False)


def test_who_enqueues_does_not_wait_for_a_broker_that_is_away(socket_enabled: None) -> None:
    url = f"redis://127.0.0.1:{free_port()}/0"
    assert is_quick(lambda: send_in_vain(url), 1.5)


def test_who_enqueues_waits_two_seconds_for_a_broker_that_does_not_answer(socket_enabled: None) -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        url = f"redis://127.0.0.1:{deaf.getsockname()[1]}/0"
        assert is_quick(lambda: send_in_vain(url), 3.5)


def test_readyz_answers_in_time_when_the_broker_does_not(socket_enabled: None, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        monkeypatch.setattr(settings, "REDIS_URL", f"redis://127.0.0.1:{deaf.getsockname()[1]}/0", raising=False)

        assert health._broker() == "away"
        assert is_quick(lambda: str(health._broker()), 3.5)
