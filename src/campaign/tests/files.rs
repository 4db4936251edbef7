//! Q04xx: paths, pictures and lists.

use super::*;

fn check_files(body: &str, more: &[(&str, &[u8])], expected: &str) {
    let bundle = bundle_of(PROJECT, &format!("{HEAD}{body}"), more);
    compare(&problems_of(&bundle).1, expected);
}

#[test]
fn paths_stay_inside_and_lead_to_files() {
    let cover = |path: &str, expected: &str| {
        check_files(&format!("media: {{ cover: {{ image: {path} }} }}\n"), &[], expected);
    };
    cover("/shared/logo.jpg", "");
    cover(
        "../shared/logo.jpg",
        "Q0401 4 [../shared/logo.jpg] the path `../shared/logo.jpg` leaves its folder",
    );
    cover(
        "/private/logo.jpg",
        "Q0401 4 [/private/logo.jpg] `/private/logo.jpg` lies in no shared folder",
    );
    cover(
        "https://example.com/封面.jpg",
        "Q0401 4 [https://example.com/封面.jpg] the path `https://example.com/封面.jpg` is a web address",
    );
    cover(
        "images\\cover.jpg",
        "Q0401 4 [images\\cover.jpg] the path `images\\cover.jpg` holds a `\\`",
    );
    cover(
        "images/Cover.jpg",
        "Q0402 4 [images/Cover.jpg] there is no file `images/Cover.jpg` | did you mean `images/cover.jpg`?",
    );
    cover("/shared/封面.jpg", "Q0402 4 [/shared/封面.jpg] there is no file `/shared/封面.jpg`");
}

#[test]
fn pictures_are_judged_by_their_bytes() {
    let cover = |bytes: &[u8], expected: &str| {
        let body = "media: { cover: { image: 封面.jpg } }\n";
        check_files(body, &[("spring/封面.jpg", bytes)], expected);
    };
    cover(JPEG, "");
    cover(&png(900, 383), "");
    cover(
        b"RIFF\0\0\0\0WEBPVP8 ",
        "Q0404 4 [封面.jpg] `封面.jpg` is WebP, whatever its ending says",
    );
    cover(b"%PDF-1.7", "Q0404 4 [封面.jpg] `封面.jpg` is application/pdf");
    cover("春季".as_bytes(), "Q0404 4 [封面.jpg] `封面.jpg` is not a picture");
    cover(b"", "Q0404 4 [封面.jpg] `封面.jpg` is not a picture");
    let mut large = JPEG.to_vec();
    large.resize(10 * 1024 * 1024 + 1, 0);
    cover(
        &large,
        "Q0405 4 [封面.jpg] `封面.jpg` has 10485761 bytes, and WeChat takes 10 MB or less",
    );
    large.resize(65 * 1024 * 1024, 0);
    cover(&large, "Q0403 4 [封面.jpg] `封面.jpg` has more than 64 MiB");
}

#[test]
fn a_mini_programs_picture_is_a_small_card() {
    let card = |bytes: &[u8], expected: &str| {
        let body =
            "mini_programs: { shop: { appid: wx0123456789abcdef, path: p, image: 卡片.png } }\n";
        check_files(body, &[("spring/卡片.png", bytes)], expected);
    };
    card(&png(1080, 864), "");
    card(&png(500, 400), "");
    card(&png(1080, 1080), "Q0406 4 [卡片.png] `卡片.png` is 1080 × 1080 px, and a card shows 5:4");
    card(b"GIF89a\x38\x04\x60\x03\0\0\0", "Q0404 4 [卡片.png] `卡片.png` is GIF");
    let mut large = png(1080, 864);
    large.resize(1024 * 1024, 0);
    card(
        &large,
        "Q0405 4 [卡片.png] `卡片.png` has 1048576 bytes, and WeChat takes less than 1 MiB",
    );
}

#[test]
fn a_body_is_markdown_or_html() {
    let body = |path: &str, expected: &str| {
        let body = format!(
            "articles: {{ launch: {{ title: 春季, cover: images/cover.jpg, body: {path} }} }}\n"
        );
        check_files(&body, &[("spring/乱码.md", b"\xb4\xba"), ("spring/a.html", b"<p>")], expected);
    };
    body("a.html", "");
    body("lunch.md", "Q0402 4 [lunch.md] there is no file `lunch.md` | did you mean `launch.md`?");
    body("乱码.md", "Q0403 4 [乱码.md] `乱码.md` is not UTF-8");
    body(
        "images/cover.jpg",
        "Q0407 4 [images/cover.jpg] `images/cover.jpg` is neither Markdown nor HTML",
    );
}

#[test]
fn lists_of_openids_are_read() {
    let list = |openids: &str, expected: &str| {
        check_files(
            &format!("targets: {{ recall: {{ openids: {openids} }} }}\n"),
            &[
                ("spring/recall.csv", "昵称,openid\n小明,o6_a\n小红,o6_b\n".as_bytes()),
                ("spring/gbk.csv", b"openid\n\xb4\xba\n"),
                ("spring/recall.txt", "o6_a\no6_b\no6_a\n小明\n".as_bytes()),
            ],
            expected,
        );
    };
    list("recall.csv", "");
    list("{ file: recall.csv, column: openid }", "");
    list(
        "{ file: recall.csv, column: 粉丝 }",
        "Q0415 1 [昵称,openid] `spring/recall.csv` has no column `粉丝` | the first line names the columns: `昵称`, `openid`",
    );
    list("{ file: recall.csv, sha256: abc }", "Q0316 4 [abc] `abc` is no SHA-256");
    list(
        "recall.txt",
        "Q0412 4 [小明] `小明` is not an openid\nQ0414 3 [o6_a] `o6_a` stands in the list twice",
    );
    list(
        "recal.txt",
        "Q0402 4 [recal.txt] there is no file `recal.txt` | did you mean `recall.txt`?",
    );
    list("gbk.csv", "Q0403 4 [gbk.csv] `gbk.csv` is not UTF-8 (line 2); save it as UTF-8");
    list("images/cover.jpg", "Q0411 4 [images/cover.jpg] `images/cover.jpg` is no list of openids");
    list("[o6_a, o6_b]", "Q0301 4 [[o6_a, o6_b]] `openids` is text, and this is a list");
}

#[test]
fn a_bundle_holds_the_campaigns_folder_and_what_is_shared() {
    let bundle = bundle_of(PROJECT, &format!("\u{feff}{HEAD}"), &[("other/a.md", b"")]);
    let keys: Vec<&str> = bundle.keys().collect();
    assert_eq!(keys, ["/shared/logo.jpg", "images/card.png", "images/cover.jpg", "launch.md"]);
    assert_eq!(bundle.campaign().path, "spring/campaign.yaml");
    assert!(bundle.campaign().text.starts_with("version"), "the byte order mark is gone");
}

/// SHA-256 of `o6_a`, `o6_b`, `o6_c`, a line each.
const ABC: &str = "00b3e4992f0742eb1ac340d5fce96c66ea306f45188a2996cb7de17a85f3e00c";

#[test]
fn a_list_is_held_to_its_digest_and_its_count() {
    let list = |what: &str, expected: &str| {
        let body =
            format!("targets: {{ recall: {{ openids: {{ file: recall.txt, {what} }} }} }}\n");
        check_files(&body, &[("spring/recall.txt", b"o6_a\no6_b\no6_c\n")], expected);
    };
    list(&format!("sha256: {ABC}, count: 3"), "");
    list(&format!("sha256: {}", ABC.to_uppercase()), "");
    list("count: 4", "Q0419 4 [4] `recall.txt` has 3 openids, each counted once, and 4 is written");
    let other = ABC.replace('1', "2");
    list(
        &format!("sha256: {other}"),
        &format!("Q0418 4 [{}] `recall.txt` has the SHA-256 {ABC}", &other[..30]),
    );
    let body =
        format!("targets: {{ recall: {{ openids: {{ file: away.csv.gz, sha256: {ABC} }} }} }}\n");
    let help = format!(
        "it may stay out of git: put the file whose SHA-256 is {ABC} at ./spring/away.csv.gz"
    );
    check_files(
        &body,
        &[],
        &format!("Q0402 4 [away.csv.gz] there is no file `away.csv.gz` | {help}"),
    );
}

#[test]
fn lists_are_cut_by_lists_and_by_slices() {
    let targets = |targets: &str, expected: &str| {
        check_files(
            &format!("targets:\n{targets}\n"),
            &[("spring/late.txt", b"o6_a\no6_b\no6_c\n"), ("spring/recall.txt", b"o6_b\no6_c\n")],
            expected,
        );
    };
    let recall = "  recall: { openids: recall.txt }\n";
    targets(&format!("{recall}  late: {{ openids: late.txt, slice: 0%..100% }}"), "");
    targets(
        &format!("{recall}  late: {{ openids: late.txt, except: [recall] }}"),
        "Q0413 1 [] `spring/late.txt` has 3 openids, `recall` takes 2 of them away, one is left, and a send to a list needs 2",
    );
    targets(
        &format!("{recall}  late: {{ openids: late.txt, except: [recal] }}"),
        "Q0202 6 [recal] there is no target `recal` | did you mean `recall`?",
    );
    targets(
        "  vip: { tag: VIP }\n  late: { openids: late.txt, except: [vip] }",
        "Q0515 6 [vip] `vip` is no list, and only lists can be taken away from a list",
    );
    targets(
        "  a: { openids: late.txt, except: [b] }\n  b: { openids: late.txt, except: [a] }",
        "Q0517 5 [a] lists take one another away: `a` without `b` without `a`",
    );
    for slice in ["10%..5%", "0..10", "0%..101%", "0%..0.001%"] {
        targets(
            &format!("  late: {{ openids: late.txt, slice: {slice} }}"),
            &format!("Q0516 5 [{slice}] `{slice}` is no slice | write FROM%..UNTIL%"),
        );
    }
}
