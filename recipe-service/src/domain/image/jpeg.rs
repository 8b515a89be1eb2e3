//! Whether a JPEG is all there: decoders fill up with grey what a broken connection left out.

/// True where what stands between the markers goes on up to the marker that ends it (ITU-T T.81 §B).
pub fn is_whole(bytes: &[u8]) -> bool {
    let mut at = 2;
    while let Some(marker) = marker(bytes, &mut at) {
        match marker {
            END => return true,
            0x01 | 0xd0..=0xd8 => {}
            SCAN => match skip_segment(bytes, at) {
                Some(end) => at = skip_scan(bytes, end),
                None => return false,
            },
            _ => match skip_segment(bytes, at) {
                Some(end) => at = end,
                None => return false,
            },
        }
    }
    false
}

const END: u8 = 0xd9;
const SCAN: u8 = 0xda;

/// The next marker; what stands before it is passed over.
fn marker(bytes: &[u8], at: &mut usize) -> Option<u8> {
    loop {
        let start = *at + bytes.get(*at..)?.iter().position(|byte| *byte == 0xff)?;
        let behind = bytes[start..].iter().position(|byte| *byte != 0xff)?;
        let found = bytes[start + behind];
        *at = start + behind + 1;
        if found != 0 {
            return Some(found);
        }
    }
}

fn skip_segment(bytes: &[u8], at: usize) -> Option<usize> {
    let length = bytes.get(at..at + 2)?;
    let end = at + usize::from(u16::from_be_bytes([length[0], length[1]])).max(2);
    (end <= bytes.len()).then_some(end)
}

/// Where the data of a scan ends: at the first marker that none of them may have in it.
fn skip_scan(bytes: &[u8], mut at: usize) -> usize {
    loop {
        let mut behind = at;
        match marker(bytes, &mut behind) {
            Some(0xd0..=0xd7) => at = behind,
            Some(_) => return behind - 2,
            None => return bytes.len(),
        }
    }
}
