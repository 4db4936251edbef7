//! How long a recording plays, read from its bytes: no decoding, and no promise to understand every
//! file.

use std::io::Cursor;

use symphonia::core::errors::Error;
use symphonia::core::formats::{FormatOptions, FormatReader};
use symphonia::core::io::{MediaSourceStream, MediaSourceStreamOptions};
use symphonia::default::formats::{MpaReader, WavReader};

use super::bundle::MediaKind;

/// Nothing longer than this is measured: WeChat takes a voice of 2 MB.
const MEASURED_BYTES_MAX: usize = 4 * 1024 * 1024;

/// How an AMR file begins.
const AMR_MAGIC: &[u8] = b"#!AMR\n";
/// One frame of AMR, in milliseconds.
const AMR_FRAME_MS: u64 = 20;
/// Bytes that follow the head of an AMR frame, by its mode: eight rates, comfort noise (8), nothing
/// (15); the others are not in use (RFC 4867, 3GPP TS 26.101).
const AMR_FRAME_BYTES: [Option<usize>; 16] = [
    Some(12),
    Some(13),
    Some(15),
    Some(17),
    Some(19),
    Some(20),
    Some(26),
    Some(31),
    Some(5),
    None,
    None,
    None,
    None,
    None,
    None,
    Some(0),
];

/// The length of a recording in milliseconds; nothing when it cannot be told, or for other files.
pub(super) fn of(kind: MediaKind, bytes: &[u8]) -> Option<u64> {
    if bytes.len() > MEASURED_BYTES_MAX {
        return None;
    }
    match kind {
        MediaKind::Amr => amr(bytes),
        MediaKind::Mp3 => {
            let source = stream(after_id3(bytes)?);
            walked(&mut MpaReader::try_new(source, FormatOptions::default()).ok()?)
        }
        MediaKind::Wav => {
            walked(&mut WavReader::try_new(stream(bytes), FormatOptions::default()).ok()?)
        }
        MediaKind::Wma => asf(bytes)?.duration_ms,
        MediaKind::Jpeg
        | MediaKind::Png
        | MediaKind::Gif
        | MediaKind::Webp
        | MediaKind::Bmp
        | MediaKind::Mp4
        | MediaKind::Other(_) => None,
    }
}

fn stream(bytes: &[u8]) -> MediaSourceStream<'_> {
    MediaSourceStream::new(Box::new(Cursor::new(bytes)), MediaSourceStreamOptions::default())
}

/// Adds up the packets, since what a header says of the whole may be wrong or missing.
fn walked(reader: &mut dyn FormatReader) -> Option<u64> {
    let base = reader.tracks().first()?.time_base?;
    let mut ticks = 0_u64;
    while let Some(packet) = packet(reader).ok()? {
        ticks = ticks.checked_add(packet)?;
    }
    let ms = u128::from(ticks) * 1000 * u128::from(base.numer.get()) / u128::from(base.denom.get());
    u64::try_from(ms).ok().filter(|ms| *ms > 0)
}

/// The length of the next packet in ticks; nothing at the end.
fn packet(reader: &mut dyn FormatReader) -> Result<Option<u64>, Error> {
    match reader.next_packet() {
        Ok(packet) => Ok(packet.map(|packet| packet.dur.get())),
        // A last packet that was cut off.
        Err(Error::IoError(error)) if error.kind() == std::io::ErrorKind::UnexpectedEof => Ok(None),
        Err(error) => Err(error),
    }
}

/// What follows a tag (ID3 version 2), which may hold pictures that look like sound.
fn after_id3(bytes: &[u8]) -> Option<&[u8]> {
    let Some(head) = bytes.strip_prefix(b"ID3") else { return Some(bytes) };
    let [_, _, flags, a, b, c, d, ..] = *head else { return None };
    let size = [a, b, c, d].iter().fold(0_usize, |size, byte| (size << 7) | usize::from(*byte));
    let footer = if flags & 0x10 == 0 { 0 } else { 10 };
    bytes.get(10 + size + footer..)
}

fn amr(bytes: &[u8]) -> Option<u64> {
    let mut rest = bytes.strip_prefix(AMR_MAGIC)?;
    let mut frames = 0;
    while let Some((head, tail)) = rest.split_first() {
        let mode = usize::from(head >> 3 & 0x0f);
        rest = tail.get(AMR_FRAME_BYTES[mode]?..)?;
        frames += 1;
    }
    (frames > 0).then_some(frames * AMR_FRAME_MS)
}

/// What the head of an ASF file (WMA and WMV) says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Asf {
    pub(super) has_video: bool,
    duration_ms: Option<u64>,
}

/// Reads the head of an ASF file: a header object that holds others, each a GUID and a length of
/// 64 bits before its content.
pub(super) fn asf(bytes: &[u8]) -> Option<Asf> {
    const HEADER: [u8; 16] = [
        0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11, 0xa6, 0xd9, 0x00, 0xaa, 0x00, 0x62, 0xce,
        0x6c,
    ];
    const FILE: [u8; 16] = [
        0xa1, 0xdc, 0xab, 0x8c, 0x47, 0xa9, 0xcf, 0x11, 0x8e, 0xe4, 0x00, 0xc0, 0x0c, 0x20, 0x53,
        0x65,
    ];
    const STREAM: [u8; 16] = [
        0x91, 0x07, 0xdc, 0xb7, 0xb7, 0xa9, 0xcf, 0x11, 0x8e, 0xe6, 0x00, 0xc0, 0x0c, 0x20, 0x53,
        0x65,
    ];
    const VIDEO: [u8; 16] = [
        0xc0, 0xef, 0x19, 0xbc, 0x4d, 0x5b, 0xcf, 0x11, 0xa8, 0xfd, 0x00, 0x80, 0x5f, 0x5c, 0x44,
        0x2b,
    ];
    // The header's own head: GUID, length, number of objects, two reserved bytes.
    let mut rest = bytes.strip_prefix(&HEADER)?.get(14..)?;
    let objects = u32_at(bytes, 24)?;
    let mut seen = Asf { has_video: false, duration_ms: None };
    for _ in 0..objects {
        let length = usize::try_from(u64_at(rest, 16)?).ok().filter(|length| *length >= 24)?;
        let (guid, content) = (rest.get(..16)?, rest.get(24..length)?);
        if guid == STREAM {
            seen.has_video |= content.get(..16)? == VIDEO;
        } else if guid == FILE {
            // Play duration in 100 ns, and the preroll in it in milliseconds.
            let (play, preroll_ms) = (u64_at(content, 40)? / 10_000, u64_at(content, 56)?);
            seen.duration_ms = play.checked_sub(preroll_ms).filter(|ms| *ms > 0);
        }
        rest = rest.get(length..)?;
    }
    Some(seen)
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(bytes.get(at..at + 8)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::campaign::tests::recordings::{Streams, amr, mp3, wav, wma};

    #[track_caller]
    fn check(kind: MediaKind, bytes: &[u8], expected: Option<u64>) {
        assert_eq!(of(kind, bytes), expected);
    }

    #[test]
    fn amr_is_counted_frame_by_frame() {
        check(MediaKind::Amr, &amr(50), Some(1_000));
        check(MediaKind::Amr, b"#!AMR\n", None);
        // Each rate, comfort noise, and a frame without data.
        let mut mixed = AMR_MAGIC.to_vec();
        for (mode, bytes) in AMR_FRAME_BYTES.iter().enumerate() {
            let Some(bytes) = bytes else { continue };
            mixed.push(u8::try_from(mode).unwrap() << 3 | 4);
            mixed.resize(mixed.len() + bytes, 0);
        }
        check(MediaKind::Amr, &mixed, Some(200));
        let cut = &mixed[..mixed.len() - 2];
        check(MediaKind::Amr, cut, None);
        check(MediaKind::Amr, b"#!AMR\n\x4c", None);
    }

    #[test]
    fn mp3_is_counted_frame_by_frame_whatever_stands_before() {
        check(MediaKind::Mp3, &mp3(28), Some(1_008));
        let mut tagged = b"ID3\x04\0\0\0\0\x01\x02".to_vec();
        // A picture in the tag that looks like the head of a frame.
        tagged.extend([0xff, 0xfb, 0x90, 0x00].iter().cycle().take(130));
        tagged.extend(mp3(28));
        check(MediaKind::Mp3, &tagged, Some(1_008));
        // The older tag stands at the end, and so may any text.
        let mut old = mp3(28);
        old.extend(b"TAG");
        old.resize(old.len() + 125, b' ');
        check(MediaKind::Mp3, &old, Some(1_008));
        check(MediaKind::Mp3, &[mp3(28), "完".repeat(99).into_bytes()].concat(), Some(1_008));
        // A last frame that was cut off is not played.
        check(MediaKind::Mp3, &mp3(28)[..28 * 36 - 9], Some(972));
        check(MediaKind::Mp3, b"ID3\x04\0\0\0\0\x01\x02", None);
        check(MediaKind::Mp3, "不是声音".as_bytes(), None);
    }

    #[test]
    fn wav_is_measured_by_what_is_there() {
        check(MediaKind::Wav, &wav(8_000), Some(1_000));
        check(MediaKind::Wav, &wav(0), None);
        check(MediaKind::Wav, b"RIFF\0\0\0\0WAVE", None);
    }

    #[test]
    fn wma_says_how_long_it_plays_and_whether_it_shows_something() {
        check(MediaKind::Wma, &wma(2_500, Streams::Sound), Some(2_500));
        assert!(!asf(&wma(2_500, Streams::Sound)).unwrap().has_video);
        assert!(asf(&wma(2_500, Streams::Pictures)).unwrap().has_video);
        check(MediaKind::Wma, &wma(2_500, Streams::Sound)[..100], None);
    }

    #[test]
    fn nothing_else_is_measured_and_nothing_too_long() {
        check(MediaKind::Mp4, &mp3(28), None);
        check(MediaKind::Mp3, &mp3(MEASURED_BYTES_MAX / 36 + 1), None);
    }

    proptest::proptest! {
        #[test]
        fn whatever_the_bytes_are_they_are_read_to_their_end(
            tail in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..2_000),
            cut in 0_usize..500,
        ) {
            let heads: [(MediaKind, Vec<u8>); 5] = [
                (MediaKind::Amr, amr(10)),
                (MediaKind::Mp3, mp3(10)),
                (MediaKind::Mp3, b"ID3\x04\0\0".to_vec()),
                (MediaKind::Wav, wav(100)),
                (MediaKind::Wma, wma(2_500, Streams::Sound)),
            ];
            for (kind, head) in heads {
                let head = &head[..head.len() - cut.min(head.len())];
                let bytes = [head, &tail].concat();
                // No frame is shorter than a byte, and none plays longer than 144 ms.
                if let (Some(ms), true) = (of(kind, &bytes), kind == MediaKind::Mp3) {
                    proptest::prop_assert!(ms <= bytes.len() as u64 * 144);
                }
            }
        }
    }
}
