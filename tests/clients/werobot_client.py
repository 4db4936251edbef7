"""WeRoBot drives the emulated account."""

import io
import json

import requests
from werobot.client import Client, ClientException

from harness import (
    DRAWING, FILM, FIRST, FOLLOWERS, FOREIGN, JPEG, PICTURE, SECRET, SONG, SPEECH, STRANGER, VIP,
    VIP_COUNT, WECHAT, WRONG_FILTERS, ClientChecks,
)

API = f"{WECHAT}/cgi-bin"
SENDALL, SEND = "message/mass/sendall", "message/mass/send"
CARD = "pFS7Fjg8kV1IdDz01r4SQwMkuCKc"
# Its own word for each type, and WeChat's.
WORDS = {"text": "text", "image": "image", "voice": "voice", "video": "mpvideo",
         "mpnews": "mpnews", "wxcard": "wxcard"}


class WeRoBot(ClientChecks):
    """Every call of its that this account has, each with the answer that it must get."""

    def setUp(self):
        super().setUp()
        self.client = self.client_of(self.service)

    def client_of(self, account):
        return Client({"APP_ID": account.appid, "APP_SECRET": SECRET})

    def refusal(self, call, *arguments, **options):
        with self.assertRaises(ClientException) as caught:
            call(*arguments, **options)
        return int(str(caught.exception).split(":")[0])

    def post(self, client, path, body):
        return client.post(url=f"{API}/{path}", data=body)

    def article(self, client, title="春季上新"):
        cover = client.upload_permanent_media("image", PICTURE)["media_id"]
        url = client.upload_news_picture(DRAWING)["url"]
        return {
            "title": title, "author": "小店", "thumb_media_id": cover,
            "content": f'<p>外套与围巾 🌸</p><p><img src="{url}"></p>',
        }

    def draft(self, client, count=1):
        articles = [self.article(client, f"春季上新 {number}") for number in range(count)]
        return self.post(client, "draft/add", {"articles": articles})["media_id"]

    def contents(self, client):
        """What is sent of each type. It has no call for `uploadvideo`, nor for drafts."""
        film = client.upload_media("video", FILM)["media_id"]
        video = {"media_id": film, "title": "走秀", "description": "春季的"}
        return {
            "text": "春天来了",
            "image": client.upload_permanent_media("image", PICTURE)["media_id"],
            "voice": client.upload_permanent_media("voice", SPEECH)["media_id"],
            "video": self.post(client, "media/uploadvideo", video)["media_id"],
            "mpnews": self.draft(client),
            "wxcard": CARD,
        }

    def send(self, client, kind, content, audience, **options):
        """As its manual has it, but for the switch, which is a number in WeChat's table."""
        options.setdefault("send_ignore_reprint", 0)
        return client.send_mass_msg(kind, content, audience, **options)

    def openids(self, client, count):
        return client.get_followers()["data"]["openid"][:count]

    # Tokens.

    def test_tokens(self):
        self.assertEqual(self.client.grant_token()["expires_in"], 7200)
        self.assertEqual(self.client.token, self.client.token)
        self.refused(40013, Client({"APP_ID": "sandbox-other", "APP_SECRET": SECRET}).grant_token)
        self.refused(41004, Client({"APP_ID": self.service.appid}).grant_token)

    def test_an_expired_token_is_not_renewed_and_nothing_goes_out(self):
        people = self.openids(self.client, 3)
        self.service.fault(SEND, "expired_token")
        self.refused(42001, self.send, self.client, "text", "春", people)
        self.service.advance(7200)
        self.refused(42001, self.send, self.client, "text", "春", people)
        self.assertEqual(self.service.jobs(), [])

    # Media.

    def test_temporary_media(self):
        client = self.client
        for kind, file in [("image", PICTURE), ("image", DRAWING), ("voice", SONG),
                           ("voice", SPEECH), ("video", FILM), ("thumb", PICTURE)]:
            answer = client.upload_media(kind, file)
            name = "thumb_media_id" if kind == "thumb" else "media_id"
            self.assertEqual(set(answer), {"type", name, "created_at"})
            got = client.download_media(answer[name])
            if kind == "video":
                self.assertIn("video_url", got.json())
            else:
                self.assertEqual(got.content, file[1])
        self.refused(40004, client.upload_media, "music", SONG)
        self.refused(40137, client.upload_media, "thumb", DRAWING)
        self.refused(44001, client.upload_media, "image", ("empty.jpg", b"", "image/jpeg"))
        self.assertEqual(client.download_media("of-nobody").json()["errcode"], 40007)

    def test_files_as_its_manual_gives_them(self):
        """An open file: its name arrives in ASCII, but nothing says what it is."""
        for name in ["coat.jpg", "外套.jpg"]:
            for upload, kind in [(self.client.upload_media, ["image"]),
                                 (self.client.upload_news_picture, [])]:
                file = io.BytesIO(JPEG)
                file.name = name
                self.refused(40005, upload, *kind, file)
        self.refused(41005, self.client.upload_media, "image", ("外套.jpg", JPEG, "image/jpeg"))

    def test_permanent_materials(self):
        client, ids = self.client, {}
        for kind, file in [("image", PICTURE), ("voice", SONG), ("thumb", PICTURE)]:
            ids[kind] = client.upload_permanent_media(kind, file)["media_id"]
            self.assertEqual(client.download_permanent_media(ids[kind]).content, file[1])
        video = client.upload_permanent_video("走秀", "春季的", FILM).json()["media_id"]
        got = client.download_permanent_media(video)  # as it came, to be read as UTF-8
        self.assertEqual(json.loads(got.content)["title"], "走秀")
        self.refused(40035, client.upload_permanent_media, "video", FILM)
        counts = client.get_media_count()
        self.assertEqual([counts[f"{kind}_count"] for kind in ("image", "voice", "video", "news")],
                         [1, 1, 1, 0])
        page = client.get_media_list("video", 0, 20)
        self.assertEqual((page["total_count"], page["item"][0]["media_id"]), (1, video))
        self.refused(40004, client.get_media_list, "music", 0, 20)
        self.assertEqual(client.delete_permanent_media(ids["image"])["errcode"], 0)
        self.refused(40007, client.delete_permanent_media, ids["image"])
        self.refused(45103, client.add_news, [self.article(client)])
        self.refused(45103, client.update_news, {"media_id": "id", "index": 0, "articles": {}})

    def test_pictures_of_articles_and_articles_by_the_old_way(self):
        client = self.client
        gif = ("a.gif", b"GIF89a", "image/gif")
        self.refused(40137, client.upload_news_picture, gif)
        article = self.article(client)
        self.refused(40007, client.upload_news, [article])
        article["thumb_media_id"] = client.upload_media("thumb", PICTURE)["thumb_media_id"]
        news = client.upload_news([article])
        self.assertEqual(news["type"], "news")
        answer = self.send(client, "mpnews", news["media_id"], VIP)
        self.assertEqual(answer["errcode"], 0)

    # Drafts: it has no methods for them.

    def test_drafts(self):
        client = self.client
        media_id = self.draft(client, 2)
        self.assertEqual(client.get(f"{API}/draft/count")["total_count"], 1)
        change = {"media_id": media_id, "index": 1, "articles": self.article(client, "改了")}
        self.assertEqual(self.post(client, "draft/update", change)["errcode"], 0)
        items = self.post(client, "draft/get", {"media_id": media_id})["news_item"]
        self.assertEqual([item["title"] for item in items], ["春季上新 0", "改了"])
        self.assertEqual(self.post(client, "draft/delete", {"media_id": media_id})["errcode"], 0)
        self.refused(40007, self.post, client, "draft/get", {"media_id": media_id})

    # Sends.

    def test_its_own_default_is_refused_for_every_type_and_audience(self):
        """`send_ignore_reprint` goes out as `false`, where WeChat's table has 0 and 1."""
        people = self.openids(self.client, 3)
        for kind, content in self.contents(self.client).items():
            for audience in [None, VIP, people]:
                code = 40035 if kind == "video" and audience == people else 47001
                self.refused(code, self.client.send_mass_msg, kind, content, audience)
                self.refused(code, self.client.send_mass_msg, kind, content, audience, True)
        self.assertEqual(self.service.jobs(), [])

    def test_every_type_to_everyone(self):
        contents = self.contents(self.client)
        for number, (kind, content) in enumerate(contents.items()):
            if number < 4:
                self.assertEqual(self.send(self.client, kind, content, None)["errcode"], 0)
                job = self.last_job(self.service, WORDS[kind], "everyone")
                self.assertEqual(job["total"], FOLLOWERS)
            else:
                self.refused(45028, self.send, self.client, kind, content, None)
        self.assertEqual(len(self.service.jobs()), 4)
        other = self.account()
        client = self.client_of(other)
        for kind, content in list(self.contents(client).items())[4:]:
            self.assertEqual(self.send(client, kind, content, None)["errcode"], 0)
            self.last_job(other, WORDS[kind], "everyone")

    def test_every_type_to_a_tag(self):
        for number, (kind, content) in enumerate(self.contents(self.client).items()):
            audience = [VIP, str(VIP)][number % 2]
            answer = self.send(self.client, kind, content, audience, send_ignore_reprint=1)
            self.assertEqual(answer["errcode"], 0)
            job = self.last_job(self.service, WORDS[kind], {"tag": VIP})
            self.assertEqual((job["msg_id"], job["total"]), (answer["msg_id"], VIP_COUNT))
        self.assertEqual(len(self.service.jobs()), 6)

    def test_every_type_to_openids(self):
        people = self.openids(self.client, 3)
        for kind, content in self.contents(self.client).items():
            for few, code in [([], 44005), (people[:1], 40130), ([people[0], FOREIGN], 40003)]:
                if kind == "video":
                    code = {40003: 40035}.get(code, code)
                self.refused(code, self.send, self.client, kind, content, few)
            if kind == "video":  # no place for the title that a send to a list says again
                self.refused(40035, self.send, self.client, kind, content, people)
                body = {"media_id": content, "title": "走秀", "description": "春季的"}
                body = {"touser": people, "msgtype": "mpvideo", "mpvideo": body}
                self.assertEqual(self.post(self.client, SEND, body)["errcode"], 0)
            else:
                options = {"client_msg_id": f"spring-{kind}"}
                answer = self.send(self.client, kind, content, people, **options)
                self.assertEqual(answer["errcode"], 0)
            self.last_job(self.service, WORDS[kind], {"open_ids": 3})
        self.assertEqual(len(self.service.jobs()), 6)

    def test_an_audience_said_wrongly_reaches_nobody(self):
        client, people = self.client, tuple(self.openids(self.client, 3))
        for kind, content in self.contents(client).items():
            for audience, code in [(0, 40152), (999, 45159), ("", 47001), ("VIP", 47001),
                                   (people, 47001), (FIRST, 47001)]:
                self.refused(code, self.send, client, kind, content, audience)
        for filter, code in WRONG_FILTERS:
            body = {"msgtype": "text", "text": {"content": "春"}, "filter": filter}
            self.refused(code, self.post, client, SENDALL, body)
        self.assertEqual(self.service.jobs(), [])

    def test_types_that_cannot_be_sent(self):
        """`music` is for previews alone, and not had here; an unknown type becomes a text."""
        self.refused(40008, self.send, self.client, "music", "id", VIP)
        self.refused(40008, self.client.send_mass_preview_to_user, "music", "id", FIRST)
        self.send(self.client, "无此类型", "春天来了", VIP)
        job = self.last_job(self.service, "text", {"tag": VIP})
        self.assertEqual(job["content"], ["春天来了"])

    # Repeats.

    def test_without_a_clientmsgid_a_repeat_does_not_go_out(self):
        for audience in [self.openids(self.client, 3), VIP, None]:
            before = len(self.service.jobs())
            self.send(self.client, "text", "只发一次", audience)
            self.refused(45066, self.send, self.client, "text", "只发一次", audience)
            self.service.advance(60)
            self.refused(45065, self.send, self.client, "text", "只发一次", audience)
            self.assertEqual(len(self.service.jobs()), before + 1)

    def test_a_lost_answer_does_not_send_twice(self):
        for number, how in enumerate(["lost_answer", {"late_status": 502}, "truncated"]):
            text = f"没有听到回答 {number}"
            self.service.fault(SENDALL, how)
            with self.assertRaises(requests.RequestException):
                self.send(self.client, "text", text, VIP)
            self.refused(45066, self.send, self.client, "text", text, VIP)
            self.service.advance(60)
            self.refused(45065, self.send, self.client, "text", text, VIP)
            self.assertEqual(len(self.service.jobs()), number + 1)

    def test_a_clientmsgid_serves_once(self):
        client = self.client
        self.send(client, "text", "一", VIP, client_msg_id="spring")
        self.service.advance(60)
        self.refused(45065, self.send, client, "text", "二", VIP, client_msg_id="spring")
        self.refused(45067, self.send, client, "text", "二", VIP, client_msg_id="x" * 64)
        self.assertEqual(len(self.service.jobs()), 1)

    # Previews, states, deletions.

    def test_every_type_as_a_preview(self):
        seen, show = 0, self.client.send_mass_preview_to_user
        for kind, content in self.contents(self.client).items():
            for person, how in [(FIRST, "openid"), ("qunfa_editor", "wxname")]:
                if kind == "wxcard":  # no place for `card_ext`
                    self.refused(40035, show, kind, content, person, how)
                else:
                    answer = show(kind, content, person, how)
                    self.assertEqual((answer["errcode"], answer["errmsg"]), (0, "preview success"))
                    seen += 1
            for person, how, code in [(STRANGER, "openid", 43004), (FOREIGN, "openid", 40003),
                                      ([FIRST], "openid", 40003), ("微信", "wxname", 40132)]:
                code = 40035 if kind == "wxcard" else code
                self.refused(code, show, kind, content, person, how)
        state = self.service.state()
        self.assertEqual((state["previews"], state["jobs"], state["drafts"]), (seen, [], 1))
        ext = json.dumps({"timestamp": "1417419319", "signature": "0" * 40})
        body = {"touser": FIRST, "msgtype": "wxcard", "wxcard": {"card_id": CARD, "card_ext": ext}}
        self.assertEqual(self.post(self.client, "message/mass/preview", body)["errcode"], 0)

    def test_states_and_deletions(self):
        client, articles = self.client, self.draft(self.client, 2)
        contents = self.contents(client)
        for kind in ["text", "image", "voice", "wxcard"]:
            msg_id = self.send(client, kind, contents[kind], VIP)["msg_id"]
            self.refused(40008, client.delete_mass_msg, msg_id)
        # By now the tag's followers have had their four of the month.
        self.assertEqual(self.send(client, "video", contents["video"], 101)["errcode"], 0)
        msg_id = self.send(client, "mpnews", articles, 104)["msg_id"]
        status = client.get_mass_msg_status
        self.assertEqual(status(msg_id)["msg_status"], "SENDING")
        self.refused(40065, client.delete_mass_msg, msg_id)
        self.service.advance(20)
        self.assertEqual(status(str(msg_id))["msg_status"], "SEND_SUCCESS")
        self.assertEqual(client.delete_mass_msg(msg_id, 1)["errcode"], 0)
        self.assertEqual(status(msg_id)["msg_status"], "SEND_SUCCESS")
        self.refused(40065, client.delete_mass_msg, msg_id, 1)
        self.assertEqual(client.delete_mass_msg(msg_id)["errcode"], 0)
        self.assertEqual(status(msg_id)["msg_status"], "DELETE")
        self.refused(40059, status, 1)

    def test_deletions_that_are_refused(self):
        client = self.client
        msg_id = self.send(client, "mpnews", self.draft(client), VIP)["msg_id"]
        self.service.advance(20)
        for id, index, code in [(str(msg_id), 0, 47001), (msg_id, 2, 40060), (msg_id, -1, 40060),
                                (1, 0, 40059)]:
            self.refused(code, client.delete_mass_msg, id, index)
        for _ in range(6):
            self.refused(40059, client.delete_mass_msg, 1)
        self.refused(45009, client.delete_mass_msg, msg_id)  # the eleventh of the day
        self.assertEqual(client.get_mass_msg_status(msg_id)["msg_status"], "SEND_SUCCESS")

    # The account.

    def test_tags_and_followers(self):
        client = self.client
        tags = {tag["id"]: (tag["name"], tag["count"]) for tag in client.get_tags()["tags"]}
        self.assertEqual(tags[VIP], ("VIP会员", VIP_COUNT))
        self.assertEqual(client.get_users_by_tag(VIP)["count"], VIP_COUNT)
        self.refused(45159, client.get_users_by_tag, 999)
        first = client.get_followers()
        second = client.get_followers(first["next_openid"])
        people = set(first["data"]["openid"]) | set(second["data"]["openid"])
        self.assertEqual((len(people), first["total"]), (FOLLOWERS, FOLLOWERS))
        self.assertNotIn("data", client.get_followers(second["next_openid"]))
        self.refused(40003, client.get_followers, FOREIGN)
        for call, arguments in [(client.get_groups, []), (client.create_tag, ["新"]),
                                (client.get_user_info, [FIRST]), (client.get_menu, [])]:
            self.refused(48001, call, *arguments)

    def test_quotas_speed_and_addresses(self):
        client = self.client
        self.send(client, "text", "春", VIP)
        body = {"cgi_path": f"/cgi-bin/{SENDALL}"}
        quota = self.post(client, "openapi/quota/get", body)["quota"]
        self.assertEqual((quota["daily_limit"], quota["used"], quota["remain"]), (100, 1, 99))
        self.assertEqual(client.set_mass_msg_speed(3)["errcode"], 0)
        speed = client.get_mass_msg_speed()
        self.assertEqual((speed["speed"], speed["realspeed"]), (3, 30))
        self.refused(45083, client.set_mass_msg_speed, 5)
        self.assertEqual(client.get_ip_list()["ip_list"], ["127.0.0.1"])

    def test_a_subscription_account(self):
        account = self.account("subscription")
        client = self.client_of(account)
        people, contents = self.openids(client, 3), self.contents(client)
        for kind, content in contents.items():
            self.refused(48001, self.send, client, kind, content, people)
        self.assertEqual(account.jobs(), [])
        self.assertEqual(self.send(client, "mpnews", contents["mpnews"], VIP)["errcode"], 0)
        for audience in [VIP, None]:
            for kind in ["text", "image", "voice", "video", "wxcard"]:
                self.refused(45028, self.send, client, kind, contents[kind], audience)
        self.last_job(account, "mpnews", {"tag": VIP})
        self.assertEqual(len(account.jobs()), 1)
