"""wechatpy drives the emulated account."""

import io
import json
import warnings

import requests
from wechatpy import WeChatClient
from wechatpy.exceptions import APILimitedException, WeChatClientException

from harness import (
    DRAWING, FILM, FIRST, FOLLOWERS, FOREIGN, JPEG, PICTURE, SECRET, SONG, SPEECH,
    STRANGER, VIP, VIP_COUNT, WRONG_FILTERS, ClientChecks,
)

SENDALL, SEND, PREVIEW = "message/mass/sendall", "message/mass/send", "message/mass/preview"


class Wechatpy(ClientChecks):
    """Every call of its that this account has, each with the answer that it must get."""

    def setUp(self):
        super().setUp()
        warnings.simplefilter("ignore", DeprecationWarning)  # its own `_get` and `_post`
        self.client = self.client_of(self.service)

    def client_of(self, account, **options):
        client = WeChatClient(account.appid, SECRET, **options)
        client.API_BASE_URL = f"{account.base}/cgi-bin/"
        return client

    def refusal(self, call, *arguments, **options):
        with self.assertRaises(WeChatClientException) as caught:
            call(*arguments, **options)
        self.caught = caught.exception
        return caught.exception.errcode

    def article(self, client, title="春季上新"):
        cover = client.material.add("image", PICTURE)["media_id"]
        url = client.media.upload_image(DRAWING)
        return {
            "title": title, "author": "小店", "thumb_media_id": cover,
            "content": f'<p>外套与围巾 🌸</p><p><img src="{url}"></p>',
        }

    def draft(self, client, count=1):
        articles = [self.article(client, f"春季上新 {number}") for number in range(count)]
        return client.post("draft/add", data={"articles": articles})["media_id"]

    def video(self, client):
        media_id = client.media.upload("video", FILM)["media_id"]
        return client.media.upload_video(media_id, "走秀", "春季的")["media_id"]

    def kinds(self, client):
        """Each type: its word, its method, and what the method takes after the audience."""
        message, picture = client.message, client.material.add("image", PICTURE)
        return [
            ("text", message.send_mass_text, ("春天来了",)),
            ("image", message.send_mass_image, (picture["media_id"],)),
            ("voice", message.send_mass_voice, (client.material.add("voice", SONG)["media_id"],)),
            ("mpvideo", message.send_mass_video, (self.video(client), "走秀", "春季的")),
            ("mpnews", message.send_mass_article, (self.draft(client),)),
            ("wxcard", message.send_mass_card, ("pFS7Fjg8kV1IdDz01r4SQwMkuCKc",)),
        ]

    def openids(self, count):
        return self.client.user.get_followers()["data"]["openid"][:count]

    # Tokens.

    def test_tokens(self):
        token = self.client.fetch_access_token()
        self.assertEqual((token["expires_in"], "errcode" in token), (7200, False))
        self.assertGreater(len(self.client.access_token), 100)
        self.refused(40013, WeChatClient("sandbox-other", SECRET).fetch_access_token)
        self.refused(41004, WeChatClient(self.service.appid, "").fetch_access_token)
        stranger = self.client_of(self.service, access_token="98_of-nobody", auto_retry=False)
        self.refused(40001, stranger.tag.get)

    def test_an_expired_token_is_renewed_and_the_send_goes_out_once(self):
        self.client.fetch_access_token()
        self.service.fault(SEND, "expired_token")
        answer = self.client.message.send_mass_text(self.openids(3), "春")
        self.assertEqual(answer["errcode"], 0)
        self.assertEqual(len(self.service.jobs()), 1)
        strict = self.client_of(self.service, auto_retry=False)
        strict.fetch_access_token()
        self.service.advance(7200)
        self.refused(42001, strict.message.send_mass_text, self.openids(3), "夏")
        self.assertEqual(len(self.service.jobs()), 1)

    def test_it_renews_its_token_without_end(self):
        """Five refusals in a row: five new tokens and five repeats, where one of each is right."""
        people = self.openids(3)
        for number in range(1, 6):
            self.service.fault(SEND, "expired_token", number)
        self.assertEqual(self.client.message.send_mass_text(people, "春")["errcode"], 0)
        quota = self.client.post("openapi/quota/get", data={"cgi_path": "/cgi-bin/token"})["quota"]
        self.assertEqual((quota["used"], len(self.service.jobs())), (6, 1))

    # Media.

    def test_temporary_media(self):
        media = self.client.media
        for kind, file in [("image", PICTURE), ("image", DRAWING), ("voice", SONG),
                           ("voice", SPEECH), ("video", FILM)]:
            answer = media.upload(kind, file)
            self.assertEqual((answer["type"], "errcode" in answer), (kind, False))
            if kind == "video":
                self.assertIn("video_url", media.download(answer["media_id"]))
            else:
                self.assertEqual(media.download(answer["media_id"]).content, file[1])
        thumb = media.upload("thumb", PICTURE)
        self.assertNotIn("media_id", thumb)
        self.assertEqual(media.download(thumb["thumb_media_id"]).content, JPEG)
        self.refused(40004, media.upload, "music", SONG)
        self.refused(40137, media.upload, "thumb", DRAWING)
        self.refused(40005, media.upload, "voice", FILM)
        self.refused(44001, media.upload, "image", ("empty.jpg", b"", "image/jpeg"))
        self.refused(40007, media.download, "of-nobody")
        link = media.get_url(thumb["thumb_media_id"])  # names WeChat's own host, always
        self.assertEqual(requests.get(link).content, JPEG)
        self.service.advance(3 * 24 * 3600)
        self.refused(40007, media.download, thumb["thumb_media_id"])

    def test_pictures_of_articles(self):
        for file in [PICTURE, DRAWING]:
            self.assertRegex(self.client.media.upload_image(file), "^http://mmbiz.qpic.cn/")
        gif = ("a.gif", b"GIF89a", "image/gif")
        self.refused(40137, self.client.media.upload_image, gif)
        self.assertEqual(self.service.state()["images"], 2)

    def test_files_as_its_manual_gives_them(self):
        """An open file, without the part's type; and a file with a Chinese name."""
        file = io.BytesIO(JPEG)
        file.name = "coat.jpg"
        self.refused(40005, self.client.media.upload, "image", file)
        self.refused(41005, self.client.media.upload_image, io.BytesIO(JPEG))  # without a name
        self.refused(41005, self.client.media.upload, "image", ("外套.jpg", JPEG, "image/jpeg"))

    def test_permanent_materials(self):
        material = self.client.material
        ids = {}
        for kind, file in [("image", PICTURE), ("image", DRAWING), ("voice", SONG),
                           ("thumb", PICTURE)]:
            answer = material.add(kind, file)
            self.assertEqual("url" in answer, kind != "voice")
            self.assertEqual(material.get(answer["media_id"]).content, file[1])
            ids[kind] = answer["media_id"]
        self.refused(40035, material.add, "video", FILM, title="走秀", introduction="春季的")
        ids["video"] = self.permanent_video()
        self.assertEqual(material.get(ids["video"])["title"], "走秀")
        counts = material.get_count()
        self.assertEqual([counts[f"{kind}_count"] for kind in ("image", "voice", "video", "news")],
                         [2, 1, 1, 0])
        page = material.batchget("image", 0, 1)
        self.assertEqual((page["total_count"], page["item_count"]), (2, 1))
        self.assertEqual(material.batchget("news")["total_count"], 0)
        self.refused(40035, material.batchget, "image", 0, 21)
        self.assertEqual(material.delete(ids["image"])["errcode"], 0)
        self.refused(40007, material.delete, ids["image"])
        self.refused(40007, material.get, ids["image"])
        article = self.article(self.client)
        self.refused(45103, material.add_articles, [article])
        self.refused(45103, material.update_article, "id", 0, article)

    def permanent_video(self):
        words = json.dumps({"title": "走秀", "introduction": "春季的"}, ensure_ascii=False)
        params = {"access_token": self.client.access_token, "type": "video"}
        files = {"media": FILM, "description": (None, words.encode())}
        answer = self.client.post("material/add_material", params=params, files=files)
        return answer["media_id"]

    def test_videos_and_articles_to_send(self):
        media = self.client.media
        self.refused(40007, media.upload_video, self.permanent_video(), "走秀", "")
        self.refused(40007, media.upload_video, "of-nobody", "走秀", "")
        article = self.article(self.client)
        self.refused(40007, media.upload_articles, [article])
        article["thumb_media_id"] = media.upload("thumb", PICTURE)["thumb_media_id"]
        news = media.upload_articles([article])
        self.assertEqual(news["type"], "news")
        answer = self.client.message.send_mass_article(self.openids(2), news["media_id"])
        self.assertEqual(answer["errcode"], 0)

    # Drafts: this version has no methods for them.

    def test_drafts(self):
        client = self.client
        media_id = self.draft(client, 2)
        self.assertEqual(client.get("draft/count")["total_count"], 1)
        items = client.post("draft/get", data={"media_id": media_id})["news_item"]
        self.assertEqual([item["title"] for item in items], ["春季上新 0", "春季上新 1"])
        self.assertIn("mmbiz.qpic.cn", items[0]["content"])
        change = {"media_id": media_id, "index": 1, "articles": self.article(client, "改了")}
        self.assertEqual(client.post("draft/update", data=change)["errcode"], 0)
        items = client.post("draft/get", data={"media_id": media_id})["news_item"]
        self.assertEqual(items[1]["title"], "改了")
        self.refused(40114, client.post, "draft/update", data={**change, "index": 2})
        self.refused(40007, client.post, "draft/add", data={
            "articles": [{**self.article(client), "thumb_media_id": "of-nobody"}]})
        self.assertEqual(client.post("draft/delete", data={"media_id": media_id})["errcode"], 0)
        self.refused(40007, client.post, "draft/get", data={"media_id": media_id})
        self.refused(43002, client.get, "draft/get")
        self.refused(43001, client.post, "draft/count", data={})

    # Sends.

    def test_every_type_to_everyone(self):
        for number, (word, send, content) in enumerate(self.kinds(self.client)):
            if number < 4:
                answer = send(None, *content, is_to_all=True)
                self.assertEqual(answer["errcode"], 0)
                job = self.last_job(self.service, word, "everyone")
                self.assertEqual((job["msg_id"], job["total"]), (answer["msg_id"], FOLLOWERS))
            else:
                self.refused(45028, send, None, *content, is_to_all=True)
        self.assertEqual(len(self.service.jobs()), 4)
        other = self.account()
        for word, send, content in self.kinds(self.client_of(other))[4:]:
            self.assertEqual(send(None, *content, is_to_all=True)["errcode"], 0)
            self.last_job(other, word, "everyone")

    def test_every_type_to_openids(self):
        people = self.openids(3)
        for word, send, content in self.kinds(self.client):
            for few, code in [([], 44005), (people[:1], 40130), ([people[0], FOREIGN], 40003)]:
                self.refused(code, send, few, *content)
            answer = send(tuple(people), *content, send_ignore_reprint=1, client_msg_id=word)
            self.assertEqual((answer["errcode"], "msg_data_id" in answer), (0, True))
            job = self.last_job(self.service, word, {"open_ids": 3})
            # The last two come after these people's four of the month.
            reached = 0 if word in ("mpnews", "wxcard") else 3
            self.assertEqual((job["clientmsgid"], job["recipients"]), (word, reached))
        self.assertEqual(len(self.service.jobs()), 6)

    def test_a_video_to_openids_says_its_title_again(self):
        send, video = self.client.message.send_mass_video, self.video(self.client)
        self.refused(40035, send, self.openids(2), video)
        self.refused(40035, send, self.openids(2), video, title="走秀")
        self.assertEqual(self.service.jobs(), [])

    def test_the_old_group_is_refused_for_every_type(self):
        """Its only way to send to a part of the followers is `group_id`, which is gone."""
        for word, send, content in self.kinds(self.client):
            for group in [VIP, str(VIP), 0, 2, FIRST, None]:
                self.refused(40152, send, group, *content)
                if group is not None:
                    self.refused(40035, send, group, *content, is_to_all=True)
            self.refused(47001, send, None, *content, is_to_all="true")
            self.assertEqual(self.service.jobs(), [], word)
            self.service.advance(60)

    def test_every_type_to_a_tag(self):
        """By its plain `post`, since its methods know no `tag_id`."""
        for number, (word, _, content) in enumerate(self.kinds(self.client)):
            filter = {"is_to_all": False, "tag_id": [VIP, str(VIP)][number % 2]}
            answer = self.client.post(SENDALL, data=self.body(word, content, filter=filter))
            self.assertEqual(answer["errcode"], 0)
            job = self.last_job(self.service, word, {"tag": VIP})
            self.assertEqual(job["total"], VIP_COUNT)
        body = self.body("text", ("少了 is_to_all",), filter={"tag_id": 101})
        self.assertEqual(self.client.post(SENDALL, data=body)["errcode"], 0)
        self.last_job(self.service, "text", {"tag": 101})

    def test_an_audience_said_wrongly_reaches_nobody(self):
        for word, _, content in self.kinds(self.client):
            for filter, code in WRONG_FILTERS:
                body = self.body(word, content, filter=filter)
                self.refused(code, self.client.post, SENDALL, data=body)
            self.assertEqual(self.service.jobs(), [], word)
            self.service.advance(60)
        self.assertEqual(self.client.get("draft/count")["total_count"], 1)

    def body(self, word, content, **others):
        key = {"text": "content", "wxcard": "card_id"}.get(word, "media_id")
        branch = dict(zip([key, "title", "description"], content))
        return {"msgtype": word, word: branch, **others}

    def test_a_type_and_its_branch_belong_together(self):
        post, people = self.client.post, self.openids(2)
        image = self.client.material.add("image", PICTURE)["media_id"]
        temporary = self.client.media.upload("image", PICTURE)["media_id"]
        for body, code in [
            (self.body("video", ("id",)), 40008),
            ({"msgtype": "text", "image": {"media_id": image}}, 40008),
            (self.body("text", ("",)), 44004),
            (self.body("mpnews", ("",)), 44003),
            (self.body("mpnews", (image,)), 40007),
            (self.body("image", (temporary,)), 40128),
            (self.body("voice", (image,)), 40007),
            (self.body("text", ("春" * 601,)), 45002),
            (self.body("text", ('<a href="https://example.com">看</a>',)), 40066),
            (self.body("text", ("春",), clientmsgid="x" * 33), 45067),
            (self.body("text", ("春",), send_ignore_reprint=True), 47001),
        ]:
            self.refused(code, post, SEND, data={**body, "touser": people})
        self.assertEqual(self.service.jobs(), [])
        both = {"media_ids": [image, image], "recommend": "上新"}
        post(SEND, data={"msgtype": "image", "images": both, "touser": people})
        self.assertEqual(self.service.jobs()[0]["content"], ["上新", image, image])

    # Repeats.

    def test_without_a_clientmsgid_a_repeat_does_not_go_out(self):
        people, service = self.openids(3), self.service
        send = self.client.message.send_mass_text
        for audience, options in [(people, {}), (None, {"is_to_all": True})]:
            before = len(service.jobs())
            first = send(audience, "只发一次", **options)
            self.refused(45066, send, audience, "只发一次", **options)
            service.advance(60)
            self.refused(45065, send, audience, "只发一次", **options)
            said = self.caught.response.json()
            self.assertEqual((said["msg_id"], "msg_data_id" in said), (first["msg_id"], False))
            self.assertEqual(len(service.jobs()), before + 1)
            send(audience, "另一条", **options)
            self.assertEqual(len(service.jobs()), before + 2)
        service.advance(24 * 3600)
        self.assertEqual(send(people, "只发一次")["errcode"], 0)

    def test_a_lost_answer_does_not_send_twice(self):
        people, send = self.openids(3), self.client.message.send_mass_text
        for number, how in enumerate(["lost_answer", {"late_status": 502}, {"late_err_code": -1}]):
            text = f"没有听到回答 {number}"
            self.service.fault(SEND, how)
            with self.assertRaises((requests.ConnectionError, WeChatClientException)):
                send(people, text)
            self.assertEqual(len(self.service.jobs()), number + 1)
            self.refused(45066, send, people, text)
            self.service.advance(60)
            self.refused(45065, send, people, text)
            self.assertEqual(len(self.service.jobs()), number + 1)

    def test_a_clientmsgid_serves_once(self):
        people, send = self.openids(3), self.client.message.send_mass_text
        send(people, "一", client_msg_id="spring")
        self.service.advance(60)
        self.refused(45065, send, people, "二", client_msg_id="spring")
        self.assertEqual(send(people, "一", client_msg_id="summer")["errcode"], 0)
        self.assertEqual(len(self.service.jobs()), 2)

    # Previews, states, deletions.

    def test_every_type_as_a_preview(self):
        seen = 0
        for word, send, content in self.kinds(self.client):
            for person in [FIRST, "qunfa_editor"]:
                if word == "wxcard":  # its method has no place for `card_ext`
                    self.refused(40035, send, person, *content, preview=True)
                    body = self.body(word, content)
                    body["wxcard"]["card_ext"] = json.dumps(
                        {"timestamp": "1417419319", "signature": "0" * 40})
                    to = "touser" if person == FIRST else "towxname"
                    answer = self.client.post(PREVIEW, data={**body, to: person})
                else:
                    answer = send(person, *content, preview=True)
                self.assertEqual((answer["errcode"], answer["errmsg"]), (0, "preview success"))
                seen += 1
            for person, code in [(STRANGER, 43004), (FOREIGN, 40003), ("微信", 40132)]:
                if word != "wxcard":
                    self.refused(code, send, person, *content, preview=True)
            self.service.advance(60)
        state = self.service.state()
        self.assertEqual((state["previews"], state["jobs"], state["drafts"]), (seen, [], 1))

    def test_states_and_deletions(self):
        message, people = self.client.message, self.openids(3)
        for word, send, content in self.kinds(self.client):
            msg_id = send(people, *content)["msg_id"]
            self.assertEqual(message.get_mass(msg_id)["msg_status"], "SENDING")
            can_go = word in ("mpnews", "mpvideo")
            self.refused(40065 if can_go else 40008, message.delete_mass, msg_id)
            self.service.advance(20)
            # Of the last two nobody is left to get it, after four in the month.
            status = message.get_mass(str(msg_id))["msg_status"]
            self.assertEqual(status, "DELETE" if word in ("mpnews", "wxcard") else "SEND_SUCCESS")
            self.service.advance(60)

    def test_a_deletion_takes_articles_and_videos_back(self):
        message, people = self.client.message, self.openids(3)
        for send, content in [(message.send_mass_article, (self.draft(self.client, 2),)),
                              (message.send_mass_video, (self.video(self.client), "走秀", "春"))]:
            msg_id = send(people, *content)["msg_id"]
            self.service.advance(20)
            self.assertEqual(message.get_mass(msg_id)["msg_status"], "SEND_SUCCESS")
            self.refused(47001, message.delete_mass, str(msg_id))
            self.assertEqual(message.delete_mass(msg_id)["errcode"], 0)
            self.assertEqual(message.get_mass(msg_id)["msg_status"], "DELETE")
            self.refused(40065, message.delete_mass, msg_id)
        self.refused(40059, message.get_mass, 1)
        for _ in range(4):
            self.refused(40059, message.delete_mass, 1)
        with self.assertRaises(APILimitedException) as caught:
            message.delete_mass(1)  # the eleventh of the day
        self.assertEqual(caught.exception.errcode, 45009)

    # The account.

    def test_tags_and_followers(self):
        tags = {tag["id"]: (tag["name"], tag["count"]) for tag in self.client.tag.get()}
        self.assertEqual(tags[VIP], ("VIP会员", VIP_COUNT))
        members = list(self.client.tag.iter_tag_users(VIP))
        self.assertEqual((len(members), len(set(members))), (VIP_COUNT, VIP_COUNT))
        page = self.client.user.get_followers()
        self.assertEqual((page["total"], page["count"]), (FOLLOWERS, 10_000))
        everyone = list(self.client.user.iter_followers())
        self.assertEqual((len(everyone), everyone[0]), (FOLLOWERS, FIRST))
        self.assertLess(set(members), set(everyone))
        self.refused(45159, self.client.tag.get_tag_users, 999)
        user, tag = self.client.user, self.client.tag
        for call, arguments in [(self.client.group.get, []), (user.get_batch, [[FIRST]]),
                                (tag.create, ["新标签"])]:
            self.refused(48001, call, *arguments)

    def test_quotas_speed_and_addresses(self):
        client = self.client
        client.message.send_mass_text(self.openids(2), "春")
        quota = client.post("openapi/quota/get", data={"cgi_path": f"/cgi-bin/{SENDALL}"})["quota"]
        self.assertEqual((quota["daily_limit"], quota["used"], quota["remain"]), (100, 1, 99))
        self.refused(76003, client.post, "openapi/quota/get", data={"cgi_path": "cgi-bin/token"})
        clear = {"appid": self.service.appid}
        self.assertEqual(client.post("clear_quota", data=clear)["errcode"], 0)
        self.assertEqual(client.post("message/mass/speed/set", data={"speed": 4})["errcode"], 0)
        speed = client.post("message/mass/speed/get", data={})
        self.assertEqual((speed["speed"], speed["realspeed"]), (4, 10))
        self.refused(45083, client.post, "message/mass/speed/set", data={"speed": 5})
        self.assertEqual(client.misc.get_wechat_ips(), ["127.0.0.1"])
        self.assertEqual(client.jsapi.get_ticket("wx_card")["errcode"], 0)

    def test_a_subscription_account(self):
        account = self.account("subscription")
        client = self.client_of(account)
        people = client.user.get_followers()["data"]["openid"][:3]
        kinds = self.kinds(client)
        for word, send, content in kinds:
            self.refused(48001, send, people, *content)
        self.assertEqual(account.jobs(), [])
        for word, send, content in kinds:
            if word == "text":
                self.assertEqual(send(None, *content, is_to_all=True)["errcode"], 0)
            else:
                self.refused(45028, send, None, *content, is_to_all=True)
        account.advance(24 * 3600)
        body = self.body("text", ("明天见",), filter={"is_to_all": False, "tag_id": VIP})
        self.assertEqual(client.post(SENDALL, data=body)["errcode"], 0)
        self.last_job(account, "text", {"tag": VIP})
        self.assertEqual(len(account.jobs()), 2)
