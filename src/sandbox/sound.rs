//! How long a sound lasts: read from its frames, since a header may lie and a name often does.

use std::ops::Range;

/// Samples of one MP3 frame of MPEG 1; of MPEG 2 and 2.5 it is half.
const MP3_SAMPLES: u64 = 1_152;
/// Kilobits a second by index: MPEG 1 layer III, then MPEG 2 and 2.5.
const MP3_RATES: [[u64; 15]; 2] = [
    [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
    [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
];
/// Bytes of an AMR frame by its type, with the byte that names it.
const AMR_FRAMES: [usize; 16] = [13, 14, 16, 18, 20, 21, 27, 32, 6, 0, 0, 0, 0, 0, 0, 1];
/// The same for wide-band AMR.
const AMR_WB_FRAMES: [usize; 16] = [18, 24, 33, 37, 41, 47, 51, 59, 61, 6, 0, 0, 0, 0, 1, 1];
/// An AMR frame lasts this many milliseconds.
const AMR_FRAME_MS: u64 = 20;
/// What begins a WMA file.
pub(super) const ASF: [u8; 16] =
    [0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11, 0xa6, 0xd9, 0, 0xaa, 0, 0x62, 0xce, 0x6c];
/// The object of a WMA file that says how long it plays.
const ASF_PROPERTIES: [u8; 16] =
    [0xa1, 0xdc, 0xab, 0x8c, 0x47, 0xa9, 0xcf, 0x11, 0x8e, 0xe4, 0, 0xc0, 0x0c, 0x20, 0x53, 0x65];

/// Milliseconds of an MP3 file; `None` when it has no whole frame.
pub(super) fn mp3_ms(bytes: &[u8]) -> Option<u64> {
    let mut rest = after_id3(bytes)?;
    let mut total_us = 0;
    while let Some((frame, us)) = next_frame(rest) {
        total_us += us;
        rest = &rest[frame.end..];
    }
    (total_us > 0).then_some(total_us.div_ceil(1_000))
}

/// The next frame and its microseconds. Players skip what lies between frames, so a gap hides
/// nothing; after one, a frame counts only when another or the end follows it.
fn next_frame(bytes: &[u8]) -> Option<(Range<usize>, u64)> {
    if let Some((length, us)) = mp3_frame(bytes) {
        return Some((0..length, us));
    }
    (1..bytes.len()).find_map(|at| {
        let (length, us) = mp3_frame(&bytes[at..])?;
        let after = &bytes[at + length..];
        (after.is_empty() || mp3_frame(after).is_some()).then_some((at..at + length, us))
    })
}

/// What follows the ID3 tag, if there is one.
fn after_id3(bytes: &[u8]) -> Option<&[u8]> {
    let Some(tag) = bytes.strip_prefix(b"ID3") else { return Some(bytes) };
    let size = tag.get(3..7)?.iter().fold(0, |size, byte| size << 7 | usize::from(byte & 0x7f));
    bytes.get(10 + size..)
}

/// The bytes of the frame that begins here, and its microseconds.
pub(super) fn mp3_frame(bytes: &[u8]) -> Option<(usize, u64)> {
    let [0xff, second, third, ..] = bytes else { return None };
    let (version, layer) = (second >> 3 & 3, second >> 1 & 3);
    if second & 0xe0 != 0xe0 || version == 1 || layer != 1 {
        return None; // not in step, a version that does not exist, or not layer III
    }
    let older = usize::from(version != 3);
    let bits = *MP3_RATES[older].get(usize::from(third >> 4))? * 1_000;
    let hertz = [44_100, 48_000, 32_000].get(usize::from(third >> 2 & 3))?;
    let hertz = match version {
        3 => *hertz,
        2 => hertz / 2,
        _ => hertz / 4,
    };
    let samples = MP3_SAMPLES >> older;
    let length = samples / 8 * bits / hertz + u64::from(third >> 1 & 1);
    let is_whole = bits > 0 && bytes.len() as u64 >= length;
    is_whole.then_some((usize::try_from(length).ok()?, samples * 1_000_000 / hertz))
}

/// Milliseconds of an AMR file; `None` when it has no whole frame or one that is none.
pub(super) fn amr_ms(bytes: &[u8]) -> Option<u64> {
    let (mut rest, frames) = match bytes.strip_prefix(b"#!AMR\n") {
        Some(rest) => (rest, AMR_FRAMES),
        None => (bytes.strip_prefix(b"#!AMR-WB\n")?, AMR_WB_FRAMES),
    };
    let mut count = 0;
    while let Some(head) = rest.first() {
        let length = frames[usize::from(head >> 3 & 15)];
        if length == 0 || rest.len() < length {
            return None;
        }
        rest = &rest[length..];
        count += 1;
    }
    (count > 0).then_some(count * AMR_FRAME_MS)
}

/// Milliseconds of a WAV file; `None` when it does not say how fast it plays.
pub(super) fn wav_ms(bytes: &[u8]) -> Option<u64> {
    let mut rest = bytes.get(12..)?;
    let mut bytes_per_second = 0;
    loop {
        let size = u64::from(u32::from_le_bytes(rest.get(4..8)?.try_into().ok()?));
        let inside = &rest[8..];
        match &rest[..4] {
            b"fmt " => {
                let rate = inside.get(8..12)?.try_into().ok()?;
                bytes_per_second = u64::from(u32::from_le_bytes(rate));
            }
            b"data" => {
                return (size.min(inside.len() as u64) * 1_000).checked_div(bytes_per_second);
            }
            _ => {}
        }
        rest = inside.get(usize::try_from(size + size % 2).ok()?..)?;
    }
}

/// Milliseconds of a WMA file, as its header says; `None` when it does not.
pub(super) fn wma_ms(bytes: &[u8]) -> Option<u64> {
    let at = bytes.windows(16).position(|window| window == ASF_PROPERTIES)?;
    let number = |from: usize| {
        let eight = bytes.get(at + from..at + from + 8)?.try_into().ok()?;
        Some(u64::from_le_bytes(eight))
    };
    // In units of 100 ns, with a lead-in that is counted in ms.
    Some((number(64)? / 10_000).saturating_sub(number(80)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_mp3_is_as_long_as_its_frames() {
        let mut frame = vec![0xff, 0xfb, 0x90, 0x00]; // MPEG 1, 128 kbit/s, 44.1 kHz: 417 bytes
        frame.resize(417, 0);
        assert_eq!(mp3_ms(&frame.repeat(100)), Some(2_613));
        let tagged = [b"ID3\x04\0\0\0\0\x01\0".as_slice(), &[0; 128], &frame].concat();
        assert_eq!(mp3_ms(&tagged), Some(27));
        assert_eq!(mp3_ms(&frame[..416]), None);
        let padded = [&tagged[..138], &[0; 300], frame.as_slice()].concat();
        assert_eq!(mp3_ms(&padded), Some(27));
        let gap = [frame.repeat(40), vec![0; 10], frame.repeat(60), b"TAG".to_vec()].concat();
        assert_eq!(mp3_ms(&gap), Some(2_613), "what follows a gap is played too");
        assert_eq!(mp3_ms(b"ID3"), None);
        assert_eq!(mp3_ms(b"\xff\xfb\xf0\0"), None);
    }

    #[test]
    fn an_amr_is_as_long_as_its_frames() {
        let mut frame = vec![0x3c]; // 12.2 kbit/s: 32 bytes
        frame.resize(32, 0);
        let whole = [b"#!AMR\n".as_slice(), &frame.repeat(50)].concat();
        assert_eq!(amr_ms(&whole), Some(1_000));
        assert_eq!(amr_ms(&whole[..whole.len() - 1]), None);
        assert_eq!(amr_ms(b"#!AMR\n"), None);
        assert_eq!(amr_ms(b"#!AMR-WB\n\x7c\x7c"), Some(40));
    }

    #[test]
    fn a_wav_and_a_wma_say_how_long_they_are() {
        let format = b"fmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x40\x1f\0\0\x01\0\x08\0";
        let data = [b"data\x40\x1f\0\0".as_slice(), &[0; 8_000]].concat();
        let wav = [b"RIFF\0\0\0\0WAVE".as_slice(), format, &data].concat();
        assert_eq!(wav_ms(&wav), Some(1_000));
        assert_eq!(wav_ms(b"RIFF\0\0\0\0WAVEdata\0\0\0\0"), None);
        assert_eq!(wav_ms(b"RIFF\0\0\0\0WAVE"), None);
        let mut wma = [ASF.as_slice(), &ASF_PROPERTIES, &[0; 80]].concat();
        wma[16 + 64..16 + 72].copy_from_slice(&50_000_000_u64.to_le_bytes());
        wma[16 + 80..16 + 88].copy_from_slice(&3_000_u64.to_le_bytes());
        assert_eq!(wma_ms(&wma), Some(2_000));
        assert_eq!(wma_ms(&ASF), None);
    }
}
