"""Hosts that can be, and those that a library would stumble over."""

import pytest

from transforms.declared.hosts import host_that_can_be


@pytest.mark.parametrize(
    "host", ["smtp.163.com", "localhost", "10.0.0.2", "::1", "example.gov.cn.", "统计局.cn", "s" * 63, "my_minio"]
)
def test_a_host_is_taken_as_it_is(host: str) -> None:
    assert host_that_can_be(host) == host


@pytest.mark.parametrize(
    ("host", "words"),
    [
        ("", "a dot too many"),
        ("smtp..163.com", "a dot too many"),
        (".example", "a dot too many"),
        ("s" * 64 + ".example", "longer than 63"),
        ("计" * 60 + ".example", "longer than 63"),
        (".".join(["example"] * 40), "longer than 253"),
        ("smtp.163.com:465", "a port is given by itself"),
        ("a\u2028b.example", "can't stand there"),
    ],
)
def test_a_host_that_no_network_knows_is_refused(host: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        host_that_can_be(host)
