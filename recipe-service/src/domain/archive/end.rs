use std::cell::RefCell;
use std::io::{Error, ErrorKind, Result, Seek, SeekFrom, Write};
use std::mem;
use std::rc::Rc;

/// The end of a zip that is being written: what lies before was taken away. Clones are of the same zip.
///
/// Who writes a zip goes back to the head of the file that was written last, and never further.
#[derive(Clone, Default)]
pub struct End(Rc<RefCell<Kept>>);

#[derive(Default)]
struct Kept {
    /// How many bytes were taken away.
    taken: u64,
    bytes: Vec<u8>,
    /// Among the bytes, where the next ones are written.
    at: usize,
    /// Among the bytes, where the file begins that was written last.
    last_file: usize,
}

impl End {
    /// Notes that a file begins here. The head of the one before is finished by who writes it.
    pub fn begin_file(&self) {
        let mut kept = self.0.borrow_mut();
        kept.last_file = kept.bytes.len();
    }

    /// Takes away all before the file that was written last.
    pub fn take(&self) -> Vec<u8> {
        let mut kept = self.0.borrow_mut();
        let last_file = mem::take(&mut kept.last_file);
        let rest = kept.bytes.split_off(last_file);
        kept.taken += last_file as u64;
        kept.at = kept.at.saturating_sub(last_file);
        mem::replace(&mut kept.bytes, rest)
    }

    /// Takes away everything.
    pub fn rest(self) -> Vec<u8> {
        mem::take(&mut self.0.borrow_mut().bytes)
    }
}

impl Write for End {
    fn write(&mut self, more: &[u8]) -> Result<usize> {
        let mut kept = self.0.borrow_mut();
        let at = kept.at;
        let (over, behind) = more.split_at(more.len().min(kept.bytes.len() - at));
        kept.bytes[at..at + over.len()].copy_from_slice(over);
        kept.bytes.extend_from_slice(behind);
        kept.at += more.len();
        Ok(more.len())
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}

impl Seek for End {
    fn seek(&mut self, to: SeekFrom) -> Result<u64> {
        let mut kept = self.0.borrow_mut();
        let (from, by) = match to {
            SeekFrom::Start(at) => (at, 0),
            SeekFrom::End(by) => (kept.taken + kept.bytes.len() as u64, by),
            SeekFrom::Current(by) => (kept.taken + kept.at as u64, by),
        };
        let to = from.checked_add_signed(by);
        let at = to.and_then(|to| to.checked_sub(kept.taken)).filter(|at| *at <= kept.bytes.len() as u64);
        kept.at = at.ok_or_else(|| Error::from(ErrorKind::InvalidInput))? as usize;
        Ok(kept.taken + kept.at as u64)
    }
}
