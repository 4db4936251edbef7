//! How long an article takes from Markdown to the markup that WeChat keeps: template, Markdown,
//! layout, theme, gate, and the fingerprints.
//!
//! WeChat takes fewer than 20,000 characters of markup, which is what 4 kB of Markdown as dense as
//! this come to. What is longer is rendered all the same, to say so.

use std::fmt::Write as _;
use std::hint::black_box;

use criterion::{Criterion, Throughput};
use qunfa::campaign::{self, Bundle};
use qunfa::content;

const PROJECT: &str = "version: 1\naccounts: { demo: { kind: service, api: sandbox } }\n";

const CAMPAIGN: &str = "\
version: 1
campaign: spring-2026
account: demo
vars: { season: 春季 }
articles:
  launch: { title: '{{ season }}上新', cover: images/0.png, body: launch.md }
targets: { vip: { tag: VIP会员 } }
sends:
  launch:
    news: [launch]
    to: vip
    window: { from: 2026-03-01T10:00:00+08:00, until: 2099-12-31T20:00:00+08:00 }
";

/// A picture of one pixel; what comes after it makes it another picture.
const PIXEL: &[u8] =
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\
    \0\0\0\rIDATx\x9cc\xf8\xff\xff?\0\x05\xfe\x02\xfe\xa75\x81\x84\0\0\0\0IEND\xaeB`\x82";

const PICTURES: usize = 40;

/// The code of an article that is too long.
const TOO_LONG: &str = "Q0704";

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("render");
    group.sample_size(20);
    for (name, bytes) in [("4 kB", 3_000), ("10 kB", 10_000), ("100 kB", 100_000)] {
        let markdown = article(bytes);
        let bundle = bundle(&markdown);
        let campaign = campaign::parse(&bundle).0.expect("a campaign");
        let found = content::render(&campaign, &bundle).1;
        assert!(found.iter().all(|problem| problem.code.id == TOO_LONG), "{found:#?}");
        assert_eq!(found.is_empty(), bytes < 4_000, "{found:#?}");
        group.throughput(Throughput::Bytes(markdown.len() as u64));
        group.bench_function(name, |b| b.iter(|| content::render(black_box(&campaign), &bundle)));
    }
    group.finish();
    criterion.final_summary();
}

fn bundle(markdown: &str) -> Bundle {
    let pictures: Vec<(String, Vec<u8>)> = (0..PICTURES)
        .map(|n| (format!("spring/images/{n}.png"), [PIXEL, &n.to_be_bytes()].concat()))
        .collect();
    let mut files: Vec<(&str, &[u8])> = vec![
        ("qunfa.yaml", PROJECT.as_bytes()),
        ("spring/campaign.yaml", CAMPAIGN.as_bytes()),
        ("spring/launch.md", markdown.as_bytes()),
    ];
    files.extend(pictures.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())));
    Bundle::from_files(&files)
}

/// An article of at least so many bytes, with all that articles have.
fn article(bytes: usize) -> String {
    let mut markdown = String::new();
    for section in 0.. {
        if markdown.len() >= bytes {
            break;
        }
        let picture = section % PICTURES;
        write!(
            markdown,
            "## {section}. {{{{ season }}}}的第一件外套\n\n\
             三月的早晨还有凉意，中午却已经晒得人想脱外套。这一季我们把**重量减到三百克以内**，把防风留在\
             领口与袖口：走进地铁不闷，走出来也不冷。面料由*再生锦纶*织成，雨点落上去会自己滚开，晾一个\
             晚上就干。\n\n\
             ![第 {section} 款的领口](images/{picture}.png)\n\n\
             - 颜色：雾蓝、沙白、墨绿\n    - 雾蓝与沙白现货\n    - 墨绿三月十日到店\n\
             - 尺码：从 XS 到 XXL，[尺码表](https://example.com/size)\n\n\
             1. 会员先选三天，每人限两件\n2. 门店可以试穿，`SPRING26` 立减五十元\n\n\
             | 款式 | 重量 | 价格 |\n| --- | ---: | ---: |\n| 短款 | 260 克 | 599 元 |\n\
             | 长款 | 310 克 | 799 元 |\n\n\
             > 风大的日子，把帽子收进领子里。\n\n```text\n洗涤：30 度，轻柔\n熨烫：中温，隔布\n```\n\n"
        )
        .expect("a string takes everything");
    }
    markdown
}
