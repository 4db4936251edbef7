//! Q04xx: files, media and lists of openids.

codes! { FILES:
    BAD_PATH = "Q0401" "a path that is not allowed" {
        "A path is relative to the file that it is written in and stays inside that folder: no `..`, no `\\`, no drive, no web address. One that begins with `/` starts at the folder of qunfa.yaml and lies inside a folder that `shared` lists."
        "路径相对于所在文件，并且不能离开那个文件夹：不能有 `..`、`\\`、盘符或网址。以 `/` 开头的路径从 qunfa.yaml 所在文件夹算起，并且必须在 `shared` 列出的文件夹之内。"
        "    cover: images/cover.jpg\n    cover: /shared/logo.png          # with shared: [ shared ] in qunfa.yaml"
    }
    NO_FILE = "Q0402" "a file that is not there" {
        "The path names no file. Names are case-sensitive, and files and folders that begin with `.` are not read."
        "路径指向的文件不存在。文件名区分大小写，以 `.` 开头的文件和文件夹不会被读取。"
        "    body: launch.md"
    }
    REFUSED_FILE = "Q0403" "a file that is not read" {
        "The file is there and was not read: a link that leaves the folder, something that is no ordinary file, a text that is not UTF-8, or more bytes than the limit (4 MiB for articles, 64 MiB for lists and media)."
        "文件存在但没有读取：它是指向文件夹之外的链接、不是普通文件、不是 UTF-8 文本，或者超过大小上限（正文 4 MiB，名单和媒体 64 MiB）。"
        "    iconv -f GBK -t UTF-8 recall.csv > recall-utf8.csv"
    }
    PICTURE_FORMAT = "Q0404" "not a picture that WeChat takes" {
        "What the bytes are decides, not the file's ending. A cover is a JPEG, PNG, GIF or BMP; a mini program's picture, which is uploaded as part of an article, a JPEG or PNG (40005, 40113 otherwise). WebP is never taken."
        "以文件内容判断格式，而不是扩展名。封面可以是 JPEG、PNG、GIF 或 BMP；小程序图片作为正文图片上传，只能是 JPEG 或 PNG（否则报 40005、40113）。WebP 不被接受。"
        "    cover: images/cover.jpg"
    }
    PICTURE_SIZE = "Q0405" "too large a picture" {
        "A cover has at most 10 MB; a mini program's picture less than 1 MiB (40009, 45001 otherwise)."
        "封面最大 10 MB；小程序图片必须小于 1 MiB（否则报 40009、45001）。"
        "    image: images/shop-card.jpg           # 1080 × 864 px, under 1 MiB"
    }
    PICTURE_RATIO = "Q0406" "a picture of other proportions" {
        "WeChat shows a mini program's card with a picture of 1080 × 864 px (5:4) and crops others."
        "小程序卡片的图片按 1080 × 864 像素（5:4）显示，其他比例会被裁切。"
        "    image: images/shop-card.jpg           # 1080 × 864 px"
    }
    BODY_FORMAT = "Q0407" "not a file for an article's body" {
        "A body is a Markdown file (`.md`) or an HTML file (`.html`)."
        "正文是 Markdown 文件（`.md`）或 HTML 文件（`.html`）。"
        "    body: launch.md"
    }
    LIST_FORMAT = "Q0411" "not a file for a list of openids" {
        "A list of openids is a `.txt` file with one openid a line, or a `.csv` file with a header."
        "openid 名单可以是每行一个 openid 的 `.txt` 文件，或带表头的 `.csv` 文件。"
        "    recall: { openids: recall.csv }\n    recall: { openids: { file: recall.csv, column: openid } }"
    }
    BAD_OPENID = "Q0412" "not an openid" {
        "A line of the list is no openid (letters, digits, `-` and `_`). An openid belongs to one account; a WeChat ID or a phone number is something else."
        "名单里有一行不是 openid（字母、数字、`-`、`_`）。openid 只属于某一个公众号；微信号和手机号不是 openid。"
        "    o6_bmjrPTlm6_2sgVt7hMZOPfL2M"
    }
    TOO_FEW = "Q0413" "fewer than two openids" {
        "WeChat takes a send to a list only for two openids or more (40130). To reach one person, use a preview."
        "按 openid 列表群发至少要两个人（40130）。只发给一个人请用预览。"
        "    o6_bmjrPTlm6_2sgVt7hMZOPfL2M\n    o6_bmjs2kQz0fVt7hMZOPfL2MabcD"
    }
    REPEATED = "Q0414" "an openid written twice" {
        "The openid stands in the list more than once. It is sent to once; the counts of the plan are without repetition."
        "同一个 openid 在名单里出现了多次。只会发送一次；计划里的人数是去重之后的。"
        "    sort -u recall.txt > recall-unique.txt"
    }
    NO_COLUMN = "Q0415" "a column that is not there" {
        "The first line of a CSV file names its columns. Without `column`, the one called `openid` is read."
        "CSV 文件的第一行是列名。不写 `column` 时读取名为 `openid` 的列。"
        "    recall: { openids: { file: recall.csv, column: 粉丝ID } }"
    }
    BAD_CSV = "Q0416" "not a CSV file" {
        "A quote is not closed, or something follows a closing quote."
        "有引号没有闭合，或者闭合引号后面还有内容。"
        "    openid,备注\n    o6_bmjrPTlm6_2sgVt7hMZOPfL2M,\"老会员，\"\"VIP\"\"\""
    }
    LONG_LINE = "Q0417" "too long a line in a list" {
        "A line of a list, or a row of a table, has at most 64 KiB. A longer one is most often a file of another kind, or one without line ends."
        "名单的一行（或表格的一条记录）最多 64 KiB。更长的多半不是名单，或者没有换行。"
        "    o6_bmjrPTlm6_2sgVt7hMZOPfL2M\n    o6_bmjs2kQz0fVt7hMZOPfL2MabcD"
    }
    LIST_DIGEST = "Q0418" "another list than was written" {
        "`sha256` says which bytes the list has, as they are stored. The file has others: it was changed or replaced since somebody wrote the digest down."
        "`sha256` 写明名单文件（按存储的原样）的内容摘要。现在的文件内容不同：写下摘要之后文件被改过或换过。"
        "    recall: { openids: { file: recall.csv, sha256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 } }"
    }
    LIST_COUNT = "Q0419" "another number of openids than was written" {
        "`count` says how many openids the file has, each counted once, before `except` and `slice`."
        "`count` 写明文件里有多少个 openid（去重之后，`except` 和 `slice` 之前）。"
        "    recall: { openids: { file: recall.csv, count: 25001 } }"
    }
    MEDIUM_FORMAT = "Q0431" "not a voice, a video or a thumb that WeChat takes" {
        "What the bytes are decides, not the file's ending (40005 otherwise). A voice is MP3, AMR, WMA or WAV; a video is MP4; a thumb is JPEG."
        "以文件内容判断格式，而不是扩展名（否则报 40005）。语音可以是 MP3、AMR、WMA 或 WAV；视频是 MP4；缩略图是 JPEG。"
        "    media:\n      greeting: { voice: audio/greeting.mp3 }\n      film: { video: film.mp4, title: 新品短片 }"
    }
    MEDIUM_SIZE = "Q0432" "too large a voice, video or thumb" {
        "A voice has at most 2 MB (40010), a video at most 10 MB (40011), a thumb at most 64 KB (40012)."
        "语音最大 2 MB（40010），视频最大 10 MB（40011），缩略图最大 64 KB（40012）。"
        "    ffmpeg -i greeting.wav -b:a 64k greeting.mp3"
    }
    VOICE_LENGTH = "Q0433" "too long a voice" {
        "A voice plays at most 60 seconds (45007), counted here frame by frame."
        "语音最长 60 秒（45007），这里逐帧计算。"
        "    ffmpeg -i greeting.mp3 -t 59 short.mp3"
    }
    VOICE_UNMEASURED = "Q0434" "a voice whose length is not known" {
        "The bytes do not say how long the recording plays: they are broken, cut off, or of a form that is not read here. WeChat refuses more than 60 seconds (45007), and a refusal after approval costs a day."
        "从文件内容看不出录音有多长：文件损坏、不完整，或者是这里不读取的格式。微信拒绝超过 60 秒的语音（45007），审批之后再被拒就耽误一天。"
        "    ffmpeg -i greeting.wma greeting.mp3"
    }
    OTHER_KIND = "Q0435" "media of another kind" {
        "The name leads to media of another kind than is wanted: a voice where a picture belongs, and so on. WeChat's ids of different kinds are not interchangeable (40007)."
        "名字指向的素材类型不对：该用图片的地方写了语音，等等。微信不同类型的素材 ID 不能互换（40007）。"
        "    media:\n      cover: { image: images/cover.jpg }\n      greeting: { voice: audio/greeting.mp3 }\n    articles:\n      launch: { cover: cover, … }"
    }
    NO_FILE_HERE = "Q0436" "a picture without a file" {
        "A mini program's picture becomes part of each article (`media/uploadimg`), so its bytes are needed. An id of the account's store serves for covers and for sends of pictures."
        "小程序图片会作为正文图片上传（`media/uploadimg`），因此需要图片文件。素材库里的 ID 只能用作封面或图片群发。"
        "    shop: { appid: wx0123456789abcdef, path: pages/index/index, image: images/shop-card.jpg }"
    }
}
