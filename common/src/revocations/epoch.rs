use std::cmp::Ordering;
use std::sync::{Arc, Mutex};

use uuid::Uuid;

/// The newest life of the issuer's signing keys that was heard of. Clones share it.
#[derive(Clone, Default)]
pub struct Epochs(Arc<Mutex<Option<Uuid>>>);

impl Epochs {
    /// Compares an answer's epoch with the newest one seen, and remembers it if it is newer. The first is `Equal`.
    pub fn see(&self, epoch: Uuid) -> Ordering {
        let mut newest = self.0.lock().expect("BUG: nothing panics while it holds the epoch");
        let order = newest.map_or(Ordering::Equal, |newest| epoch.cmp(&newest));
        if newest.is_none() || order == Ordering::Greater {
            *newest = Some(epoch);
        }
        order
    }

    pub fn newest(&self) -> Option<Uuid> {
        *self.0.lock().expect("BUG: nothing panics while it holds the epoch")
    }
}
