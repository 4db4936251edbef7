//! The problems that this room finds: Q06xx in templates, Q07xx in what is sent, Q08xx in pictures.

use crate::diagnostic::Code;

/// Defines each code once, and lists them all.
macro_rules! codes {
    ($($name:ident $id:literal $title:literal $explanation:literal;)*) => {
        $(pub(super) static $name: Code =
            Code { id: $id, title: $title, explanation: $explanation };)*

        /// Every code of this room, in order.
        pub static CODES: &[&Code] = &[$(&$name),*];
    };
}

codes! {
TEMPLATE_SYNTAX "Q0601" "a template does not parse"
"Titles, digests, texts, tags, paths, previews and article bodies are templates: `{{ season }}` writes a
value, `{% if … %}…{% endif %}` chooses, `{# … #}` is a comment. What stands between the braces is
not understood. Text with literal braces goes between `{% raw %}` and `{% endraw %}`.

标题、摘要、文本、标签、路径、预览和正文都是模板：`{{ season }}` 输出变量，`{% if … %}…{% endif %}` 做判断。
此处花括号里的内容无法解析；若要原样输出花括号，请写在 `{% raw %}` 与 `{% endraw %}` 之间。";

TEMPLATE_NAME "Q0602" "a template uses an unknown name"
"A misspelt name must not leave a hole in a message to a million people, so an unknown name is an
error. Known are the keys of `vars`, and `vars`, `account`, `campaign`; in bodies also `article` and
each of `mini_programs`. Where a name may be absent: `{{ subtitle | default('') }}`.

变量名写错不能在群发里留下空洞，因此未定义的名字一律报错。可用的有 `vars` 里的键，以及 `vars`、`account`、
`campaign`；正文里还有 `article` 和 `mini_programs` 中的每个小程序。允许缺省时写 `{{ subtitle | default('') }}`。";

TEMPLATE_FAILED "Q0603" "a template cannot be carried out"
"The template parses, but an operation in it does not work on these values, such as an unknown filter
or adding a number to a text.

模板语法正确，但其中的运算对这些值不成立，例如过滤器不存在，或把数字与文本相加。";

TEMPLATE_FUEL "Q0604" "a template does too much work"
"Templates may do a bounded number of operations, so that a loop by mistake cannot hang a run.
Shorten the loop, or write the text out.

模板的运算次数有上限，以免写错的循环卡住整个运行。请缩短循环，或直接写出内容。";

TEMPLATE_MINI_PROGRAM "Q0605" "a mini program is not used as one"
"A mini program is written in one of WeChat's three styles: `{{ shop.card() }}` (a card),
`{{ shop.link(\"立即购买\", path=\"pages/item?id=1\") }}` (a text link),
`{{ shop.image(\"images/buy.png\") }}` (a picture). Every argument has the default that `mini_programs` gives.

小程序有三种写法：卡片 `{{ shop.card() }}`，文字 `{{ shop.link(\"立即购买\", path=\"pages/item?id=1\") }}`，
图片 `{{ shop.image(\"images/buy.png\") }}`。省略的参数取自 `mini_programs`。";

TEMPLATE_FILE "Q0606" "a template reads a file that is not there"
"`include`, `extends` and `import` read prose (.md, .html, .j2) of the campaign's folder by its path
from there (`{% include \"snippets/footer.md\" %}`), or, with a leading `/`, shared files. Nothing else is
read: no list of openids, no `..`, no other absolute path, no address.

`include`、`extends`、`import` 只能读取活动文件夹内的文稿（.md、.html、.j2，路径从该文件夹算起），或以 `/` 开头的共享文件；
不能读取 openid 名单，不能用 `..`，不能读取文件夹之外的内容。";

TITLE_LENGTH "Q0701" "a title is empty or too long"
"WeChat takes 1 to 32 characters (错误码 45003), counted here as UTF-16 units, so that an emoji counts
two. The count is of the rendered title.

标题须为 1 到 32 个字（错误码 45003），按渲染后的 UTF-16 单位计数，一个表情算两个。";

AUTHOR_LENGTH "Q0702" "an author is too long"
"WeChat takes at most 16 characters (错误码 45110).

作者最多 16 个字（错误码 45110）。";

DIGEST_LENGTH "Q0703" "a digest is too long"
"WeChat takes at most 120 characters (错误码 45004), counted after rendering. Only a message with a
single article shows its digest; without one WeChat takes the first 54 characters of the text.

摘要最多 120 个字（错误码 45004），按渲染后计数。只有单图文消息显示摘要；不写则取正文前 54 个字。";

CONTENT_LENGTH "Q0704" "an article is too long"
"WeChat takes fewer than 20,000 characters and less than 1 MB (错误码 45002), markup and inline
styles included. Addresses of pictures count 130 characters each, which is what they typically have.
Split the article, or write fewer small paragraphs: each costs about a hundred characters of style.

正文连同标签和内联样式须少于 2 万字符、小于 1 MB（错误码 45002）；每张图片地址按 130 个字符计。
请拆成两篇，或合并短段落：每段约占一百个字符的样式。";

CONTENT_EMPTY "Q0705" "there is nothing to send"
"An article body or a text message is empty once rendered; WeChat answers 44003 or 44004.

正文或文本渲染后为空；微信会返回 44003 或 44004。";

UNKNOWN_THEME "Q0706" "an unknown theme"
"`theme` names the look of an article. There is one built in, `default`.

`theme` 是文章的版式名称，目前内置的只有 `default`。";

MISPLACED "Q0707" "a mini program stands where it cannot"
"A card or a picture stands on a line of its own, or alone in a list item or a table cell. A text link
may stand inside a sentence. None of them may stand inside a link, an attribute or code.

小程序卡片和图片须独占一行（或独占一个列表项、单元格）；文字链接可以放在句子里。三者都不能放在链接、属性或代码里。";

INCOMPLETE "Q0708" "a mini program lacks something"
"A card needs a title (at most 35 characters) and a picture, and all three styles need a path without a
leading slash, as every example of WeChat's has. Write them under `mini_programs`, or as arguments.

卡片需要标题（最多 35 个字）和图片；三种写法都需要页面路径，且不以 `/` 开头。可写在 `mini_programs` 里或作为参数。";

DROPPED_ELEMENT "Q0709" "an element does not survive"
"WeChat keeps text, headings, lists, tables, quotations, code and uploaded pictures. Scripts, style sheets,
frames, forms, videos, drawings and hand-written mini-program markup are left out; mini programs come from
`{{ shop.card() }}` and its like.

微信只保留文字、标题、列表、表格、引用、代码和已上传的图片。脚本、样式表、框架、表单、视频、矢量图以及手写的小程序
标签都会被去掉；小程序请用 `{{ shop.card() }}` 等写法。";

DROPPED_STYLE "Q0710" "a style does not survive"
"Inline styles for text, colour, size, border, margin and the like are kept. Positions, animations, addresses
(`url()`) and everything else that WeChat filters or that could load something are left out.

文字、颜色、尺寸、边框、边距等内联样式会保留；定位、动画、`url()` 以及微信会过滤的样式会被去掉。";

DEAD_LINK "Q0711" "a link leads nowhere"
"In an article only links to `https://mp.weixin.qq.com/…` open. A link to another site becomes a numbered
reference at the end. This one is no address that a reader could type, so only its text is kept.

文章里只有 `https://mp.weixin.qq.com/…` 的链接可以打开；外站链接会变成文末编号的参考链接。此链接不是读者能输入的
地址，因此只保留文字。";

NOT_DRAWN "Q0712" "a fenced block cannot be drawn"
"Diagrams and formulas (```` ```mermaid ````, ```` ```math ````) need a browser to draw them, and WeChat runs no
script. Put a picture of it beside the article and write `![订单流程](images/flow.png)`.

流程图和公式需要浏览器绘制，而微信不运行脚本。请导出为图片放在文章旁，并写成 `![订单流程](images/flow.png)`。";

SOURCE_URL "Q0713" "a source_url is no address"
"阅读原文 takes an address that begins with `https://` or `http://`, at most 1,024 bytes (错误码 41039, 45005).

阅读原文须以 `https://` 或 `http://` 开头，最多 1024 字节（错误码 41039、45005）。";

TEXT_LENGTH "Q0714" "a text is long"
"WeChat documents no limit for a text message; from 600 characters on it has been refused (错误码 45002).
Make it shorter, or an article.

微信没有写明文本消息的长度上限，但超过 600 字就有被拒绝的先例（错误码 45002）。请缩短，或改用图文。";

UNSENT "Q0715" "an article that nothing sends"
"No send names this article. It is checked all the same.

没有任何群发用到这篇文章；它仍会被检查。";

TAG_EMPTY "Q0716" "a tag name is empty"
"A tag send without its tag would reach everyone, so an empty name is an error.

标签名渲染后为空。没有标签的群发会发给所有人，因此一律报错。";

REVIEWER "Q0717" "a reviewer is no WeChat ID or openid"
"A preview goes to `{ wxname: … }`, a WeChat ID of 1 to 64 characters, or `{ openid: … }`, letters, digits, `-` and `_`.

预览对象写成 `{ wxname: 微信号 }` 或 `{ openid: … }`。";

ADDRESS "Q0718" "not the address of a send"
"`after` and `again` take the name of a send of this campaign, or an address: `spring-2026/sends/launch`,
`weekly@2026-w48/sends/issue`.

`after` 和 `again` 写本活动中群发的名字，或完整地址：`spring-2026/sends/launch`、`weekly@2026-w48/sends/issue`。";

OPENIDS "Q0719" "a list of openids cannot be sent to"
"A list is a text file with at least two openids (错误码 40130 for fewer); send to one person with a preview.

名单须为文本文件，至少两个 openid（少于两个返回 40130）；只发一个人请用预览。";

BODY_FILE "Q0720" "a body is no Markdown or HTML file"
"`body` names a text file of the campaign that ends in `.md` or `.html`.

`body` 须是活动文件夹里的 `.md` 或 `.html` 文本文件。";

TOO_DEEP "Q0721" "a body is nested too deep or too large"
"Elements may be nested 64 deep and a rendered template may have 256 KiB: far beyond what WeChat takes, and a
sign that a loop or a paste went wrong.

元素最多嵌套 64 层，模板渲染结果最多 256 KiB：这远超微信的上限，通常说明循环或粘贴出了问题。";

VIDEO_TITLE "Q0722" "a video's title is empty"
"A video is sent with a title, and this one comes to nothing once it is rendered. Look at its template, or write the
title out.

视频群发要带标题，而渲染之后标题是空的。请检查模板，或直接写出标题。";

TEXT_LINK "Q0723" "a link that a text cannot have"
"In a text, `<a>` opens an article of `https://mp.weixin.qq.com/…` or a mini program: `data-miniprogram-appid` (`wx` and 16
hex digits) and `data-miniprogram-path`, with any `href` beside them. WeChat refuses a text that links to another site
(错误码 40066), or to a mini program that it cannot read (45086). An article takes other addresses, as its source_url.

文本里的 `<a>` 只能打开 `https://mp.weixin.qq.com/…` 的文章或小程序（`data-miniprogram-appid` 和 `data-miniprogram-path`，
`href` 可任意填写）。链接到外站的文本会被微信拒绝（错误码 40066），小程序属性有误则返回 45086。外站链接请放在图文的阅读原文里。";

IMAGE_MISSING "Q0801" "a picture is not there"
"A picture's path is relative to the file that names it, stays inside the campaign's folder, and has the same
capital letters as the file; with a leading `/` it lies in a shared folder.

图片路径相对于引用它的文件，不能离开活动文件夹，大小写须与文件一致；以 `/` 开头的是共享文件夹里的图片。";

IMAGE_FOREIGN "Q0802" "a picture that WeChat would drop"
"WeChat silently drops pictures that it does not host. Nothing is fetched from other sites here, and data URIs do not
survive: save the picture beside the article and write its path.

微信会悄悄去掉不在其服务器上的图片。本工具不抓取外站图片，data URI 也无法保留：请把图片存到文章旁并写路径。";

IMAGE_FORMAT "Q0803" "a picture in the wrong format"
"Pictures in a body are jpg or png, judged by their bytes and not by their name (错误码 40005, 40113). Covers may also be gif or bmp.

正文图片只能是 jpg 或 png，按文件内容判断（错误码 40005、40113）；封面还可以是 gif 或 bmp。";

IMAGE_SIZE "Q0804" "a picture is too large"
"A picture in a body has less than 1 MiB (1,048,576 bytes), a cover at most 10 MiB (错误码 40009, 45001).

正文图片须小于 1 MiB（1048576 字节），封面不超过 10 MiB（错误码 40009、45001）。";

IMAGE_REFUSED "Q0805" "a picture cannot be read"
"The file is there, but it was not read, for the reason given.

文件存在，但由于所示原因没有读取。";

IMAGE_ALT "Q0806" "a picture has no description"
"People who cannot see the picture, or whose network is slow, get its description: `![春季新款风衣](images/coat.jpg)`.

看不到图片或网络较慢的读者会看到图片说明：`![春季新款风衣](images/coat.jpg)`。";

CARD_SHAPE "Q0807" "a card's picture has an unusual shape"
"WeChat shows a card's picture at 5:4 and asks for 1080 × 864 pixels; another shape is cropped.

小程序卡片的图片按 5:4 显示，建议 1080 × 864 像素；其他比例会被裁切。";

MEDIUM_FILE "Q0811" "a voice or a video that cannot be used"
"The file is not there, was not read, or is not of a format that WeChat takes: MP3, AMR, WMA or WAV as a voice, MP4 as a video.

文件不存在、没有读取，或者格式不被微信接受：语音可以是 MP3、AMR、WMA 或 WAV，视频是 MP4。";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_in_order_and_explained_twice() {
        assert!(CODES.windows(2).all(|pair| pair[0].id < pair[1].id));
        for code in CODES {
            let (english, chinese) = code.explanation.split_once("\n\n").unwrap();
            assert!(english.is_ascii() || english.len() > 40, "{}", code.id);
            assert!(chinese.chars().any(|c| ('\u{4e00}'..'\u{9fff}').contains(&c)), "{}", code.id);
        }
    }
}
