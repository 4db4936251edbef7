"""Lets independent clients drive the emulated account: `drive.py path/to/qunfa`."""

import socket
import sys
import unittest

if len(sys.argv) != 2:
    sys.exit("say which binary serves the account: drive.py target/debug/qunfa")
sys.dont_write_bytecode = True

import requests  # noqa: E402
from werobot.client import Client  # noqa: E402

from harness import WECHAT, ClientChecks, LeftTheMachine  # noqa: E402
from wechatpy_client import Wechatpy  # noqa: E402
from werobot_client import WeRoBot  # noqa: E402


class Wall(ClientChecks):
    """The wall itself: nothing here reaches another machine."""

    def test_no_other_host_is_reached(self):
        with self.assertRaises(LeftTheMachine):
            Client({}).show_qrcode("ticket")  # at another host of WeChat's
        with self.assertRaises(LeftTheMachine):
            requests.get("http://api.weixin.qq.com/cgi-bin/tags/get")
        with self.assertRaises(LeftTheMachine):
            socket.getaddrinfo("api.weixin.qq.com", 443)
        with self.assertRaises(LeftTheMachine), socket.socket() as plain:
            plain.connect(("192.0.2.1", 443))

    def test_calls_of_wechats_host_reach_the_account(self):
        answer = requests.get(f"{WECHAT}/cgi-bin/tags/get").json()
        self.assertEqual(answer["errcode"], 41001)


if __name__ == "__main__":
    checks = unittest.TestSuite(
        unittest.defaultTestLoader.loadTestsFromTestCase(case) for case in (Wall, Wechatpy, WeRoBot)
    )
    outcome = unittest.TextTestRunner(verbosity=1).run(checks)
    sys.exit(0 if outcome.wasSuccessful() and outcome.testsRun else 1)
