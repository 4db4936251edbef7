//! Time comes in as an argument.

pub use jiff::Timestamp;

/// Where the time comes from, so that tests move it and never wait.
#[async_trait::async_trait]
pub trait Clock: Send + Sync {
    /// The time now.
    fn now(&self) -> Timestamp;

    /// Lets `duration` pass.
    async fn sleep(&self, duration: std::time::Duration);
}

/// The day in Beijing (UTC+8), by which WeChat counts its quotas.
pub fn beijing_date(at: Timestamp) -> jiff::civil::Date {
    jiff::tz::TimeZone::fixed(jiff::tz::offset(8)).to_datetime(at).date()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_turns_in_beijing() {
        let late: Timestamp = "2026-03-01T15:59:59Z".parse().unwrap();
        let early: Timestamp = "2026-03-01T16:00:00Z".parse().unwrap();
        assert_eq!(beijing_date(late).to_string(), "2026-03-01");
        assert_eq!(beijing_date(early).to_string(), "2026-03-02");
    }
}
