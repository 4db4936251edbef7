use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use super::*;

/// Every code that WeChat's pages name for the calls of an official account's campaigns.
const PAGES: &[RangeInclusive<i64>] = &[
    -1..=-1,
    40001..=40014,
    40031..=40033,
    40035..=40035,
    40038..=40039,
    40048..=40048,
    40059..=40060,
    40062..=40063,
    40065..=40066,
    40068..=40068,
    40097..=40097,
    40113..=40114,
    40118..=40118,
    40121..=40121,
    40125..=40126,
    40128..=40128,
    40130..=40130,
    40132..=40132,
    40137..=40137,
    40152..=40152,
    40155..=40155,
    40160..=40161,
    40164..=40166,
    40168..=40168,
    40192..=40194,
    40201..=40204,
    40213..=40215,
    40229..=40229,
    41001..=41006,
    41009..=41011,
    41026..=41026,
    41039..=41039,
    42001..=42001,
    42007..=42007,
    42010..=42010,
    43001..=43004,
    43019..=43019,
    44001..=44007,
    45001..=45009,
    45011..=45011,
    45019..=45020,
    45028..=45028,
    45034..=45035,
    45040..=45040,
    45047..=45047,
    45052..=45052,
    45056..=45062,
    45064..=45068,
    45074..=45074,
    45083..=45086,
    45101..=45104,
    45110..=45110,
    45113..=45113,
    45157..=45159,
    45161..=45162,
    45166..=45166,
    45168..=45169,
    45171..=45171,
    45501..=45501,
    46001..=46001,
    46007..=46007,
    47001..=47002,
    48001..=48006,
    48008..=48010,
    48013..=48016,
    48021..=48022,
    50001..=50005,
    53404..=53406,
    53503..=53505,
    53600..=53600,
    61003..=61004,
    61007..=61007,
    61016..=61016,
    61451..=61451,
    61500..=61501,
    61503..=61503,
    76001..=76004,
    76021..=76022,
    87009..=87009,
    87014..=87014,
    88000..=88011,
    89501..=89507,
    9_001_001..=9_001_001,
    9_500_001..=9_500_002,
    268_487_001..=268_487_002,
    268_488_001..=268_488_001,
];

#[test]
fn the_table_has_every_documented_code_once() {
    let pages: BTreeSet<i64> = PAGES.iter().cloned().flatten().collect();
    let table: BTreeSet<i64> = CODES.iter().map(|fact| fact.code).collect();
    assert_eq!(pages.difference(&table).collect::<Vec<_>>(), Vec::<&i64>::new());
    assert_eq!(table.difference(&pages).collect::<Vec<_>>(), Vec::<&i64>::new());
    assert_eq!(CODES.len(), table.len());
}

#[test]
fn every_fact_is_told_in_both_languages() {
    for fact in CODES {
        for text in [fact.meaning, fact.to_do] {
            assert!(text.en.starts_with(|c: char| c.is_ascii_alphabetic()), "{}", fact.code);
            assert!(!text.en.ends_with('.'), "{}", fact.code);
            assert!(text.zh.chars().any(|c| c >= '\u{4e00}'), "{}", fact.code);
        }
    }
}

#[test]
fn a_mass_send_is_judged_line_by_line_as_the_pages_say() {
    use Advice::{Ask, Stop, Token, Tomorrow, Wait};
    use Certainty::{NotDone, Unknown};
    let check = |codes: &[i64], certainty: Certainty, advice: Option<Advice>| {
        for &code in codes {
            for call in [Call::SendAll, Call::Send] {
                assert_eq!(super::certainty(call, ErrCode(code)), certainty, "{code}");
                let wanted = advice.unwrap_or_else(|| super::advice(call, ErrCode(code)));
                assert_eq!(super::advice(call, ErrCode(code)), wanted, "{code}");
            }
        }
    };
    check(&[45065], Unknown, Some(Ask)); // only without a msg_id is it an error
    check(&[45066], Unknown, Some(Wait(MINUTE)));
    check(&[-1, 89504, 89505], Unknown, Some(Ask));
    check(&[40001, 40014, 42001], NotDone, Some(Token));
    check(&[40007, 40008, 40128, 44003, 44004], NotDone, Some(Stop));
    check(&[44005, 40130, 40031, 40032, 45019, 40152, 45159], NotDone, Some(Stop));
    check(&[40003, 43004, 43019, 40193, 40194], NotDone, Some(Stop));
    check(&[40066, 45086, 45166, 45168, 40126, 45002], NotDone, Some(Stop));
    check(&[42010], NotDone, Some(Wait(3 * MINUTE)));
    check(&[45009], NotDone, Some(Tomorrow));
    check(&[45011], NotDone, Some(Wait(MINUTE)));
    check(&[45028], NotDone, Some(Stop));
    check(&[44007], Unknown, Some(Ask));
    check(&[45052, 48008, 45162, 45062, 45067, 45113], NotDone, Some(Stop));
    check(&[48001, 48003, 48021, 48022], NotDone, Some(Stop));
    check(&[268_488_001], Unknown, Some(Ask));
    // Possible everywhere.
    check(&[42007], NotDone, Some(Token));
    check(&[41001, 40013, 40164, 43001, 43002, 43003, 44002, 47001], NotDone, Some(Stop));
    check(&[40033, 47002, 48004, 50002, 50004, 45102, 45103, 45501], NotDone, Some(Stop));
    check(&[268_487_001, 268_487_002], Unknown, Some(Ask));
    // What is not documented for mass sends proves nothing.
    check(&[99999, 0, 1, 40037, 43017, 40059, 45060, 53600, 61503, 88000], Unknown, Some(Ask));
}

/// The codes that prove that a mass send did not happen, by WeChat's own lists.
///
/// Not here, although each of them sounds like a refusal:
///
/// - 40002, 40125, 41002, 41003, 41004 are answers of the calls that make tokens. To a send they
///   make no sense, and what makes no sense proves nothing.
/// - 45035, 61004 are cousins of 40164 that WeChat's common list leaves out; nothing says that
///   the address is looked at before the job is taken on.
/// - 89506, 89507: an administrator said no. Under API群发保护 one is asked *about a job*, so the
///   job may have been there first.
/// - 40048, 40068, 40155, 40165, 40166, 40168, 87014 are verdicts on content, listed for drafts.
///   A send's own verdicts are 40066, 45086, 45166 and 45168; others may come from a check
///   that runs beside the job, as the check for reprints (原创校验) does.
const REFUSALS: &[i64] = &[
    // The table of sendall and send.
    40001, 40014, 42001, 40007, 40008, 40128, 44003, 44004, 44005, 40130, 40031, 40032, 45019,
    40152, 45159, 40003, 43004, 43019, 40193, 40194, 40066, 45086, 45166, 45168, 40126, 45002,
    42010, 45009, 45011, 45028, 45052, 48008, 45162, 45062, 45067, 45113, 48001, 48003, 48021,
    48022,
    // Common to every call: the request does not get past the door. The account may not call at
    // all, or there is no request to read.
    41001, 42007, 40013, 40164, 43001, 43002, 43003, 44002, 47001, 40033, 47002, 48004, 50002,
    50004, 45102, 45103, 45501,
];

#[test]
fn only_what_wechat_lists_as_a_refusal_proves_that_nothing_was_sent() {
    let codes = CODES.iter().map(|fact| fact.code).chain([0, 1, 40037, 43017, 99999]);
    for code in codes {
        let listed = REFUSALS.contains(&code);
        let expected = if listed { Certainty::NotDone } else { Certainty::Unknown };
        for call in [Call::SendAll, Call::Send] {
            let code = ErrCode(code);
            assert_eq!(certainty(call, code), expected, "{code}");
            let settles = matches!(advice(call, code), Advice::Ask | Advice::Wait(MINUTE));
            assert!(listed || settles, "{code} must not be sent anew");
        }
    }
    assert!(REFUSALS.iter().all(|&code| explain(code).is_some()));
}

/// What WeChat's pages list for each call, and the whole list by class.
const TABLES: &[(&str, &[i64])] = &[
    (
        "every call",
        &[
            -1,
            40001,
            40014,
            42001,
            41001,
            42007,
            40013,
            40164,
            43001,
            43002,
            43003,
            44002,
            47001,
            40033,
            47002,
            45009,
            45011,
            48001,
            48004,
            50002,
            50004,
            45102,
            45103,
            45501,
            268_487_001,
            268_487_002,
            268_488_001,
        ],
    ),
    (
        "stable_token",
        &[
            -1, 40001, 40002, 40013, 40125, 40164, 41002, 41004, 43002, 45009, 45011, 47001, 89501,
            89502, 89503, 89506, 89507,
        ],
    ),
    ("media/uploadimg", &[40005, 40009, 41005, 44001, 45001, 45009, 40113, 40137]),
    (
        "media/upload, material/add_material",
        &[
            40004, 40005, 40006, 40007, 40009, 40010, 40011, 40012, 41005, 44001, 45001, 45007,
            45074, 45034,
        ],
    ),
    ("material/del_material", &[40007, 48005, 45060, 48010]),
    ("media/uploadvideo", &[46007, 48013, 48014, 45161, 40007, 48022]),
    (
        "draft/add",
        &[
            40007, 40114, 41039, 44003, 45002, 45003, 45004, 45005, 45008, 45110, 45166, 40165,
            40166, 40168, 45086, 40068, 40066, 40155, 40213, 40214, 45168, 87014, 88000, 48001,
            40192, 53404, 53405, 53406,
        ],
    ),
    (
        "message/mass/sendall, message/mass/send",
        &[
            45065,
            45066,
            -1,
            89504,
            89505,
            40001,
            40014,
            42001,
            40007,
            40008,
            40128,
            44003,
            44004,
            44005,
            40130,
            40031,
            40032,
            45019,
            40152,
            45159,
            40003,
            43004,
            43019,
            40193,
            40194,
            40066,
            45086,
            45166,
            45168,
            40126,
            45002,
            42010,
            45009,
            45011,
            45028,
            44007,
            45052,
            48008,
            45162,
            45062,
            45067,
            45113,
            48001,
            48003,
            48021,
            48022,
            268_488_001,
            40215,
            45020,
            9_500_002,
        ],
    ),
    ("message/mass/preview", &[40003, 40132, 43004, 43019, 40007, 40008, 45009]),
    ("message/mass/delete", &[40059, 40060, 40065, 40204, 40008, 9_500_001, 45009]),
    ("message/mass/get", &[40059, 89504, 89505]),
    ("message/mass/speed", &[45083, 45084, 45085, 89504, 89505]),
    ("openapi", &[76001, 76002, 76003, 76004, 76021, 76022, 48006, 40201, 40202, 40203]),
    ("tags, user", &[45159, 40003, 45056, 45057, 45058, 45059, 45157, 45158, 45169, 45171]),
    (
        "the list by class",
        &[
            -1,
            40001,
            40002,
            40003,
            40004,
            40005,
            40006,
            40007,
            40008,
            40009,
            40010,
            40011,
            40012,
            40013,
            40014,
            40031,
            40032,
            40130,
            40033,
            47002,
            40035,
            40038,
            40097,
            61451,
            9_001_001,
            41011,
            40039,
            45005,
            45006,
            41039,
            40048,
            40066,
            40059,
            40060,
            40062,
            45003,
            40063,
            40065,
            40068,
            40113,
            40137,
            40160,
            40161,
            40114,
            40118,
            40121,
            40125,
            40126,
            45002,
            40128,
            40132,
            40152,
            45159,
            40155,
            40164,
            45035,
            61004,
            40165,
            40166,
            40168,
            45086,
            40192,
            45110,
            40193,
            40194,
            40201,
            40202,
            40203,
            40204,
            40213,
            40214,
            40215,
            45020,
            40229,
            41001,
            41002,
            41003,
            41004,
            41006,
            41009,
            41010,
            41005,
            41026,
            42001,
            42007,
            42010,
            43001,
            43002,
            43003,
            43004,
            43019,
            50005,
            44001,
            44002,
            44006,
            44003,
            44004,
            44005,
            44007,
            45001,
            45068,
            45004,
            45007,
            45008,
            45009,
            45011,
            45019,
            45028,
            45034,
            45074,
            45101,
            45040,
            45104,
            45047,
            45052,
            48008,
            45162,
            45056,
            45057,
            45058,
            45059,
            45157,
            45158,
            45060,
            48005,
            45061,
            45062,
            45064,
            45065,
            45066,
            45067,
            45083,
            45084,
            45085,
            45102,
            45103,
            45113,
            45161,
            45166,
            45168,
            87014,
            45501,
            46001,
            46007,
            47001,
            48001,
            48002,
            48003,
            48004,
            48006,
            48009,
            48010,
            48013,
            48014,
            48015,
            48016,
            48021,
            48022,
            50001,
            50002,
            50003,
            50004,
            53404,
            53405,
            53406,
            53503,
            53504,
            53505,
            53600,
            61003,
            61007,
            61016,
            61500,
            61501,
            61503,
            76001,
            76002,
            76003,
            76004,
            76021,
            76022,
            87009,
            88000,
            88001,
            88002,
            88003,
            88004,
            88005,
            88006,
            88007,
            88008,
            88009,
            88010,
            88011,
            89501,
            89502,
            89503,
            89504,
            89505,
            89506,
            89507,
            9_500_001,
            9_500_002,
            268_487_001,
            268_487_002,
            268_488_001,
        ],
    ),
];

#[test]
fn every_code_of_every_table_is_explained() {
    let unexplained: Vec<(&str, i64)> = TABLES
        .iter()
        .flat_map(|(call, codes)| codes.iter().map(move |&code| (*call, code)))
        .filter(|&(_, code)| explain(code).is_none_or(|fact| fact.to_do.zh.is_empty()))
        .collect();
    assert_eq!(unexplained, []);
}

#[test]
fn the_same_code_asks_for_other_things_elsewhere() {
    let check = |call, code, expected| {
        assert_eq!(advice(call, ErrCode(code)), expected, "{call} {code}");
    };
    check(Call::StableToken, 40001, Advice::Stop);
    check(Call::StableToken, 42001, Advice::Stop);
    check(Call::StableToken, 45011, Advice::Wait(MINUTE));
    check(Call::StableToken, -1, Advice::Retry);
    check(Call::DraftAdd, 40001, Advice::Token);
    check(Call::DraftAdd, -1, Advice::Retry);
    check(Call::DraftAdd, 45065, Advice::Stop);
    check(Call::DraftAdd, 12345, Advice::Stop);
    check(Call::DraftAdd, 268_487_001, Advice::Retry);
    check(Call::DraftDelete, 40007, Advice::Done);
    check(Call::DraftGet, 40007, Advice::Stop);
    check(Call::MaterialDelete, 40007, Advice::Done);
    check(Call::MassDelete, 40065, Advice::Ask);
    check(Call::MassDelete, 40059, Advice::Stop);
    check(Call::MassDelete, 40060, Advice::Stop);
    check(Call::MassDelete, 40204, Advice::Stop);
    check(Call::MassDelete, 45009, Advice::Tomorrow);
    check(Call::MassDelete, -1, Advice::Ask);
    check(Call::ConvertVideo, 46007, Advice::Wait(Duration::from_secs(45)));
    check(Call::ConvertVideo, 40007, Advice::Stop);
    check(Call::UploadNews, 45009, Advice::Tomorrow);
    check(Call::UploadTemporary, 45007, Advice::Stop);
    check(Call::UploadImage, 45009, Advice::Tomorrow);
    check(Call::MassGet, 89504, Advice::Ask);
    check(Call::StableToken, 89501, Advice::Stop);
    assert!(meaning(Call::StableToken, ErrCode(40001)).contains("AppSecret"));
    assert_eq!(certainty(Call::DraftAdd, ErrCode(-1)), Certainty::Unknown);
    assert_eq!(certainty(Call::DraftAdd, ErrCode(45166)), Certainty::NotDone);
}
