//! Work that others wrote the steps of, on a thread of its own: it ends, or is given up, after so much time and memory.
//!
//! Fuel bounds the steps of a template, and not what one step costs: `a ~ a` doubles a text each time.

use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow};

use crate::problem;

/// The longest that all templates of a run may take.
const MAX_TIME: Duration = Duration::from_secs(60);
/// The most memory they may take, in bytes.
const MAX_MEMORY: u64 = 512 << 20;
/// How often both are looked at.
const LOOK: Duration = Duration::from_millis(5);

/// Does the work. Given up, it runs on until the process ends, which its error is about to bring about.
pub fn guarded<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    let (sender, receiver) = channel();
    let (start, before) = (Instant::now(), resident());
    std::thread::spawn(move || sender.send(work()));
    loop {
        match receiver.recv_timeout(LOOK) {
            Ok(done) => return done,
            Err(RecvTimeoutError::Disconnected) => return Err(anyhow!("a thread that renders ended by itself")),
            Err(RecvTimeoutError::Timeout) => {}
        }
        if start.elapsed() > MAX_TIME {
            problem!(help: "mend the pack: no text of it is that long"; "the templates of the packs take more than {} seconds", MAX_TIME.as_secs());
        }
        if resident().zip(before).is_some_and(|(now, before)| now > before + MAX_MEMORY) {
            problem!(help: "mend the pack: no text of it is that long"; "the templates of the packs take more than {} MiB of memory", MAX_MEMORY >> 20);
        }
    }
}

/// The memory of this process, in bytes; None where the system does not tell.
fn resident() -> Option<u64> {
    match std::fs::read_to_string("/proc/self/status") {
        Ok(status) => kib(status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?.trim().strip_suffix(" kB")?),
        Err(_) => asked(),
    }
}

/// The same where there is no `/proc`, by the tool that every POSIX system has.
fn asked() -> Option<u64> {
    let process = std::process::id().to_string();
    let run = std::process::Command::new("ps").args(["-o", "rss=", "-p", &process]).output().ok()?;
    kib(std::str::from_utf8(&run.stdout).ok()?)
}

fn kib(text: &str) -> Option<u64> {
    text.trim().parse::<u64>().ok().map(|kib| kib << 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_that_ends_gives_what_it_found() {
        assert_eq!(guarded(|| Ok(3)).unwrap(), 3);
        assert_eq!(guarded(|| Err::<u8, _>(anyhow!("no"))).unwrap_err().to_string(), "no");
    }

    #[cfg(unix)]
    #[test]
    fn the_memory_is_known_with_proc_and_without() {
        let (by_proc, by_ps) = (resident().unwrap(), asked().unwrap());
        assert!(by_proc > 1 << 20 && by_ps / 4 < by_proc && by_proc / 4 < by_ps, "{by_proc} and {by_ps}");
    }

    #[cfg(unix)]
    #[test]
    fn work_that_takes_too_much_memory_is_given_up() {
        let greedy = || {
            let mut all = Vec::new();
            for _ in 0..4096 {
                all.push(vec![1_u8; 1 << 20]);
                std::thread::sleep(Duration::from_millis(1));
            }
            Ok(all.len())
        };
        assert!(guarded(greedy).unwrap_err().to_string().contains("512 MiB"));
    }
}
