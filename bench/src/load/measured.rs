use std::time::Duration;

/// What a load came to.
#[derive(Clone, Debug)]
pub struct Measured {
    took: Duration,
    /// In µs, the shortest first.
    latencies: Vec<u32>,
}

impl Measured {
    pub(super) fn new(took: Duration, mut latencies: Vec<u32>) -> Self {
        latencies.sort_unstable();
        Self { took, latencies }
    }

    /// Answers a second.
    pub fn rate(&self) -> f64 {
        self.latencies.len() as f64 / self.took.as_secs_f64()
    }

    /// The latency that this share (0 to 1) of the answers did not exceed.
    pub fn quantile(&self, share: f64) -> Duration {
        let rank = (share * self.latencies.len() as f64).ceil() as usize;
        let micros = self.latencies.get(rank.saturating_sub(1)).copied().unwrap_or_default();
        Duration::from_micros(micros.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantile_is_the_latency_that_a_share_did_not_exceed() {
        let measured = Measured::new(Duration::from_secs(2), (1..=100).rev().collect());
        let micros = |share| measured.quantile(share).as_micros();
        assert_eq!((micros(0.5), micros(0.99), micros(1.0)), (50, 99, 100));
        assert_eq!(measured.rate(), 50.0);
    }
}
