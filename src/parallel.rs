//! Work on every core, with the results in order: how many cores there are shows in nothing but the time.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Pieces that a thread takes at once; with fewer there is nothing to share.
const CHUNK: usize = 16;

/// What `work` makes of `0..count`, in that order.
pub fn map<T: Send>(count: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let threads = cores.min(count.div_ceil(CHUNK));
    if threads < 2 {
        return (0..count).map(work).collect();
    }
    let next = AtomicUsize::new(0);
    let take = || {
        let mut done = Vec::new();
        loop {
            let start = next.fetch_add(CHUNK, Ordering::Relaxed);
            if start >= count {
                return done;
            }
            done.extend((start..count.min(start + CHUNK)).map(|index| (index, work(index))));
        }
    };
    let mut all = thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(take)).collect();
        let mut all = take();
        for other in others {
            match other.join() {
                Ok(done) => all.extend(done),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        all
    });
    all.sort_unstable_by_key(|(index, _)| *index);
    all.into_iter().map(|(_, made)| made).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_order_however_many_there_are() {
        for count in [0, 1, CHUNK, CHUNK + 1, 1000] {
            assert_eq!(map(count, |index| index * 2), (0..count).map(|index| index * 2).collect::<Vec<_>>());
        }
    }
}
