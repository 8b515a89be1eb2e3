use std::time::Duration;

/// What a load came to.
#[derive(Clone, Debug)]
pub struct Measured {
    took: Duration,
    answers: usize,
    /// In µs, the shortest first; none where answers were only counted.
    latencies: Vec<u32>,
}

impl Measured {
    /// Answers that took so many µs each.
    pub fn of(took: Duration, mut latencies: Vec<u32>) -> Self {
        latencies.sort_unstable();
        Self { took, answers: latencies.len(), latencies }
    }

    /// Answers that follow one another too fast to look at the clock between them.
    pub fn counted(took: Duration, answers: usize) -> Self {
        Self { took, answers, latencies: Vec::new() }
    }

    /// How many answers there were.
    pub fn count(&self) -> usize {
        self.answers
    }

    /// Answers a second.
    pub fn rate(&self) -> f64 {
        self.answers as f64 / self.took.as_secs_f64()
    }

    /// The latency that this share (0 to 1) of the answers did not exceed; none where they were only counted.
    pub fn quantile(&self, share: f64) -> Option<Duration> {
        let rank = (share * self.latencies.len() as f64).ceil() as usize;
        let micros = self.latencies.get(rank.saturating_sub(1))?;
        Some(Duration::from_micros((*micros).into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantile_is_the_latency_that_a_share_did_not_exceed() {
        let measured = Measured::of(Duration::from_secs(2), (1..=100).rev().collect());
        let micros = |share| measured.quantile(share).map(|latency| latency.as_micros());
        assert_eq!((micros(0.5), micros(0.99), micros(1.0)), (Some(50), Some(99), Some(100)));
        assert_eq!(measured.rate(), 50.0);
    }

    #[test]
    fn what_is_only_counted_has_a_rate_and_no_latency() {
        let measured = Measured::counted(Duration::from_secs(2), 100);
        assert_eq!((measured.rate(), measured.quantile(0.5)), (50.0, None));
    }
}
