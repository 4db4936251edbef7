//! Recordings and videos, as small as they can be.

/// So many frames of 20 ms at 4.75 kbit/s.
pub(in crate::campaign) fn amr(frames: usize) -> Vec<u8> {
    let frame = [[0x04].as_slice(), &[0; 12]].concat();
    [b"#!AMR\n".to_vec(), frame.repeat(frames)].concat()
}

/// So many frames of 36 ms: MPEG-2 layer III, 8 kbit/s, 16 kHz, mono, silent.
pub(in crate::campaign) fn mp3(frames: usize) -> Vec<u8> {
    let mut frame = vec![0xff, 0xf3, 0x18, 0xc0];
    frame.resize(36, 0);
    frame.repeat(frames)
}

/// So many samples of silence, 8,000 a second, a byte each.
pub(in crate::campaign) fn wav(samples: u32) -> Vec<u8> {
    let mut bytes = b"RIFF".to_vec();
    bytes.extend((36 + samples).to_le_bytes());
    bytes.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    bytes.extend(8_000_u32.to_le_bytes());
    bytes.extend(8_000_u32.to_le_bytes());
    bytes.extend(b"\x01\0\x08\0data");
    bytes.extend(samples.to_le_bytes());
    bytes.resize(bytes.len() + samples as usize, 0x80);
    bytes
}

/// What an ASF file plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::campaign) enum Streams {
    Sound,
    Pictures,
}

/// The head of an ASF file.
pub(in crate::campaign) fn wma(play_ms: u64, streams: Streams) -> Vec<u8> {
    const PREROLL_MS: u64 = 3_000;
    let object = |guid: &[u8], content: Vec<u8>| {
        let length = 24 + content.len() as u64;
        [guid.to_vec(), length.to_le_bytes().to_vec(), content].concat()
    };
    let mut file = vec![0; 40];
    file.extend(((play_ms + PREROLL_MS) * 10_000).to_le_bytes());
    file.extend([0; 8]);
    file.extend(PREROLL_MS.to_le_bytes());
    file.extend([0; 16]);
    let file = object(b"\xa1\xdc\xab\x8c\x47\xa9\xcf\x11\x8e\xe4\x00\xc0\x0c\x20\x53\x65", file);
    let kind: &[u8; 16] = if streams == Streams::Pictures {
        b"\xc0\xef\x19\xbc\x4d\x5b\xcf\x11\xa8\xfd\x00\x80\x5f\x5c\x44\x2b"
    } else {
        b"\x40\x9e\x69\xf8\x4d\x5b\xcf\x11\xa8\xfd\x00\x80\x5f\x5c\x44\x2b"
    };
    let stream = [kind.to_vec(), vec![0; 38]].concat();
    let stream =
        object(b"\x91\x07\xdc\xb7\xb7\xa9\xcf\x11\x8e\xe6\x00\xc0\x0c\x20\x53\x65", stream);
    let content = [2_u32.to_le_bytes().to_vec(), vec![1, 2], file, stream].concat();
    object(b"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\x00\xaa\x00\x62\xce\x6c", content)
}

/// The first box of an MP4, and a tail.
pub(in crate::campaign) fn mp4(tail: &str) -> Vec<u8> {
    [b"\0\0\0\x14ftypisom\0\0\x02\0mp41".as_slice(), tail.as_bytes()].concat()
}
