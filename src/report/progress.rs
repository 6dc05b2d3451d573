//! Steps under way, shown on a terminal and nowhere else.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// One line that says what is being done.
pub struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// Shows `what` while it is alive, if standard error is a terminal.
    pub fn new(what: &str) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        bar.set_style(
            ProgressStyle::with_template("{spinner} {msg} {elapsed:.dim}")
                .unwrap_or_else(|_| ProgressStyle::default_spinner()),
        );
        bar.set_message(what.to_owned());
        bar.enable_steady_tick(Duration::from_millis(100));
        Self { bar }
    }

    /// Goes on to the next step; returns how long the last one took, in milliseconds.
    pub fn step<T>(&self, what: &str, work: impl FnOnce() -> T) -> (T, u64) {
        self.bar.set_message(what.to_owned());
        let start = Instant::now();
        let done = work();
        (done, u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX))
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
