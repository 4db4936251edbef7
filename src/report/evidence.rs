//! What a person looks at before they say whether a send went out: the intent, every attempt, and
//! what is known of the job.

use std::fmt::Write as _;

use crate::history::{OpenIntent, Phase, SendHistory};
use crate::terms::{SendAddress, Timestamp};

use super::escape::terminal;
use super::nouns;
use super::style::Style;

/// Tells everything that the history knows of one send.
pub fn evidence(address: &SendAddress, send: &SendHistory, style: &Style) -> String {
    let mut text = format!("{address}, try {}\n", send.generation.get() + 1);
    let mut line = |words: String| {
        writeln!(text, "  {}", terminal(&words)).expect("writing to a String cannot fail");
    };
    match &send.phase {
        Phase::Ready => line("no request is open".to_owned()),
        Phase::Open(open) => open_intent(open, style, &mut line),
        Phase::Accepted(accepted) => {
            let (at, job) = (time(accepted.at), nouns::job(accepted.msg_id));
            line(format!("accepted {at}: {job}, {}", super::facts::how(accepted.how)));
            if let Some((status, at)) = &accepted.status {
                let (status, at) = (nouns::job_status(status), time(*at));
                line(format!("WeChat said at {at}: {status}"));
            }
            if let Some(why) = &accepted.unreported {
                line(format!("its end is not known: {why}"));
            }
        }
    }
    if let Some(refusal) = &send.refusal {
        let at = time(refusal.at);
        line(format!("refused {at} with {}: {}", refusal.errcode, refusal.message));
    }
    if let Some(draft) = &send.draft {
        let gone = if draft.gone { ", gone from the account without our doing" } else { "" };
        line(format!("draft {}{gone}", draft.media_id));
    }
    text
}

/// A time to the second, in Beijing: the fence is one that a person may have to wait for.
pub fn time(at: Timestamp) -> String {
    format!("{} +08:00", nouns::second(at))
}

fn open_intent(open: &OpenIntent, style: &Style, line: &mut dyn FnMut(String)) {
    let intent = &open.intent;
    line(format!("intended {}, for {}", time(open.at), super::facts::audience(&intent.audience)));
    line(format!("clientmsgid {}", intent.client_msg_id.as_str()));
    for attempt in &open.attempts {
        let at = time(attempt.at);
        match &attempt.refused {
            Some(refusal) => {
                let (code, message) = (refusal.errcode, &refusal.message);
                line(format!("request {} at {at}: surely no job, {code}: {message}", attempt.n));
            }
            None => line(format!("request {} at {at}: outcome not recorded", attempt.n)),
        }
    }
    let (deadline, fence) = (open.deadline(None), open.fence());
    if style.now < deadline {
        line(format!("`apply` can settle it until {}", time(deadline)));
    }
    if style.now < fence {
        line(format!("a request may still make it go out until {}", time(fence)));
    }
    line("look for it in the console (mp.weixin.qq.com) under 群发记录".to_owned());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::{DraftHistory, Refusal};
    use crate::report::Color;
    use crate::terms::{Fingerprint, MediaId};

    #[test]
    fn a_refusal_and_a_vanished_draft_are_shown() {
        let now = "2026-03-01T12:00:00+08:00".parse().unwrap();
        let send = SendHistory {
            refusal: Some(Refusal {
                errcode: 40007, message: "草稿不存在".to_owned(), at: now
            }),
            draft: Some(DraftHistory {
                media_id: MediaId::new("draft-1").unwrap(),
                content: Fingerprint::of(b"1"),
                articles: Vec::new(),
                read_back: Fingerprint::of(b"1"),
                gone: true,
            }),
            ..SendHistory::default()
        };
        let address = "spring-2026/sends/launch".parse().unwrap();
        let style = Style { color: Color::Plain, width: 80, now };
        insta::assert_snapshot!(evidence(&address, &send, &style), @r"
        spring-2026/sends/launch, try 1
          no request is open
          refused 2026-03-01 12:00:00 +08:00 with 40007: 草稿不存在
          draft draft-1, gone from the account without our doing
        ");
    }
}
