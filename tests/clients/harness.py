"""What both clients' checks stand on: an emulated account of the real binary, and a wall.

The wall is an audit hook of the interpreter: a connection or a name look-up that leaves this
machine ends the run, whatever library asked for it. The clients believe that they speak to
`https://api.weixin.qq.com`; an adapter of `requests` carries that to the account.
"""

import ipaddress
import json
import subprocess
import sys
import unittest
from urllib.parse import urlsplit
from urllib.request import ProxyHandler, Request, build_opener

import requests
from requests.adapters import HTTPAdapter

BINARY = sys.argv[1]
WECHAT = "https://api.weixin.qq.com"
SECRET = "a-secret-of-the-sandbox"
# Follower 0 of every emulated account, as in WeChat's examples; somebody who does not follow; and
# an openid of another account.
FIRST, STRANGER, FOREIGN = (
    "o6_bmjrPTlm6_2sgVt7hMZOPfL2M",
    "o6_bmjAAAAAAAAAAAAAAAAAAAAAA",
    "oV5CrjpxgaGXNHIQigzNlgLTnwic",
)
VIP = 100
VIP_COUNT, FOLLOWERS = 3_210, 12_480

JPEG = bytes([0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3])
PNG = b"\x89PNG\r\n\x1a\n123"
MP3 = (bytes([0xFF, 0xFB, 0x90, 0x00]) + bytes(413)) * 40
AMR = b"#!AMR\n" + (bytes([0x3C]) + bytes(31)) * 50
MP4 = b"\0\0\0\x18ftypmp42\0\0\0\0"

# What `files=` takes: a name, the bytes, and the part's type, which WeChat's rules ask for.
PICTURE = ("coat.jpg", JPEG, "image/jpeg")
DRAWING = ("coat.png", PNG, "image/png")
SONG = ("hello.mp3", MP3, "audio/mpeg")
SPEECH = ("hello.amr", AMR, "audio/amr")
FILM = ("show.mp4", MP4, "video/mp4")

# Parts of an audience that is said wrongly, and what each is refused with: never read as everyone.
WRONG_FILTERS = [
    (None, 40152),
    ({}, 40152),
    ({"is_to_all": False}, 40152),
    ({"group_id": VIP}, 40152),
    ({"group_id": str(VIP), "is_to_all": False}, 40152),
    ({"group_id": VIP, "is_to_all": None}, 40152),
    ({"group_id": VIP, "is_to_all": True}, 40035),
    ({"tag_id": VIP, "is_to_all": True}, 40035),
    ({"tag_id": 0, "is_to_all": False}, 40152),
    ({"tag_id": None, "is_to_all": False}, 40152),
    ({"tag_id": [VIP], "is_to_all": False}, 47001),
    ({"tag_id": 999, "is_to_all": False}, 45159),
    ({"is_to_all": "true"}, 47001),
    ({"is_to_all": 1}, 47001),
    ([], 47001),
]


class LeftTheMachine(BaseException):
    """Not an `Exception`, so that no client's own handler swallows it."""


def is_here(host):
    """Whether a host is this machine, said as an address: a name could mean anything."""
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def wall(event, arguments):
    """Refuses what leaves the machine."""
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event in ("socket.connect", "socket.sendto"):
        host = arguments[1][0] if isinstance(arguments[1], tuple) else None
    elif event in ("socket.gethostbyname", "socket.gethostbyaddr"):
        host = arguments[0]
    else:
        return
    if host is not None and not is_here(host):
        raise LeftTheMachine(f"{event} of {host!r}")


sys.addaudithook(wall)


class ToSandbox(HTTPAdapter):
    """Carries calls of WeChat's host to an emulated account, and nothing else anywhere."""

    def __init__(self, base):
        super().__init__()
        self.base = base

    def send(self, request, **options):
        asked = urlsplit(request.url)
        if f"{asked.scheme}://{asked.netloc}" not in (WECHAT, self.base):
            raise LeftTheMachine(f"{request.method} {asked.scheme}://{asked.netloc}{asked.path}")
        query = f"?{asked.query}" if asked.query else ""
        request.url = f"{self.base}{asked.path}{query}"
        options["proxies"] = {}  # a proxy of the surroundings is another machine
        return super().send(request, **options)


class Account:
    """One emulated account, in a process of its own."""

    def __init__(self, kind="service"):
        command = [BINARY, "sandbox", "--listen", "127.0.0.1:0", "--control"]
        self.appid = f"sandbox-{kind}"
        command += ["--appid", self.appid, "--kind", kind]
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        said = self.process.stdout.readline().split()
        if len(said) != 2:
            raise RuntimeError(f"{' '.join(command)} did not say where it listens")
        self.base = said[1].rstrip("/")
        self.opener = build_opener(ProxyHandler({}))
        self.avoid_midnight()

    def stop(self):
        """Ends the server."""
        self.process.terminate()
        self.process.wait(timeout=20)
        self.process.stdout.close()

    def control(self, path, body=None):
        """Uses what stands beside WeChat's API."""
        request = Request(f"{self.base}/_sandbox/{path}", data=body)
        with self.opener.open(request, timeout=20) as answer:
            return json.load(answer)

    def state(self):
        """What happened to the account."""
        [account] = self.control("state")["accounts"]
        return account

    def jobs(self):
        """The sends that it took, oldest first."""
        return self.state()["jobs"]

    def advance(self, seconds):
        """Moves its time."""
        self.control(f"advance?seconds={seconds}", body=b"")

    def fault(self, endpoint, how, nth=1):
        """Lets the nth call of an endpoint from now go wrong."""
        order = {"endpoint": endpoint, "nth": nth, "how": how}
        self.control("fault", body=json.dumps(order).encode())

    def avoid_midnight(self):
        """Leaves the last ten minutes of Beijing's day (16:00 UTC ends it): daily counts would
        begin anew in the middle of a check."""
        hour, minute = self.control("state")["now"].split("T")[1].split(":")[:2]
        if hour == "15" and int(minute) >= 50:
            self.advance(600)


class ClientChecks(unittest.TestCase):
    """An account of each kind on demand, and ways to judge an answer."""

    def setUp(self):
        self.service = self.account()

    def account(self, kind="service"):
        """A fresh account that the clients reach from now on."""
        account = Account(kind)
        self.addCleanup(account.stop)
        adapter = ToSandbox(account.base)
        requests.Session.get_adapter = lambda _session, url: adapter
        return account

    def refused(self, code, call, *arguments, **options):
        """Checks that a call is refused with a code of WeChat's."""
        said = self.refusal(call, *arguments, **options)
        self.assertEqual(said, code, f"{call.__name__}{arguments}{options}")

    def last_job(self, account, msgtype, audience):
        """Checks what the newest send is and for whom."""
        job = account.jobs()[-1]
        self.assertEqual((job["msgtype"], job["audience"]), (msgtype, audience), job)
        return job
