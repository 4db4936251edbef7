//! SHA-1 (FIPS 180-4), for WeChat's signatures only: nothing of ours trusts it.

use crate::terms::hex;

/// The digest of a message, in lower-case hex.
pub(super) fn sha1_hex(message: &[u8]) -> String {
    let mut state = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0];
    for block in padded(message).chunks_exact(64) {
        state = compress(state, block);
    }
    hex(state.map(u32::to_be_bytes).as_flattened())
}

/// The message, a one bit, zeros, and its length in bits: whole blocks of 64 bytes.
fn padded(message: &[u8]) -> Vec<u8> {
    let bits = message.len() as u64 * 8;
    let mut padded = message.to_vec();
    padded.push(0x80);
    let zeros = (64 + 56 - padded.len() % 64) % 64;
    padded.resize(padded.len() + zeros, 0);
    padded.extend_from_slice(&bits.to_be_bytes());
    padded
}

/// One block's 80 rounds.
fn compress(state: [u32; 5], block: &[u8]) -> [u32; 5] {
    let mut schedule = [0_u32; 80];
    for (word, bytes) in schedule.iter_mut().zip(block.chunks_exact(4)) {
        *word = bytes.iter().fold(0, |word, &byte| (word << 8) | u32::from(byte));
    }
    for t in 16..80 {
        let mixed = schedule[t - 3] ^ schedule[t - 8] ^ schedule[t - 14] ^ schedule[t - 16];
        schedule[t] = mixed.rotate_left(1);
    }
    let mut working = state;
    for (t, word) in schedule.into_iter().enumerate() {
        let [head, x, y, z, tail] = working;
        let (mix, constant) = match t {
            0..20 => ((x & y) | (!x & z), 0x5a82_7999),
            20..40 => (x ^ y ^ z, 0x6ed9_eba1),
            40..60 => ((x & y) | (x & z) | (y & z), 0x8f1b_bcdc),
            _ => (x ^ y ^ z, 0xca62_c1d6_u32),
        };
        let sum =
            [mix, tail, constant, word].into_iter().fold(head.rotate_left(5), u32::wrapping_add);
        working = [sum, head, x.rotate_left(30), y, z];
    }
    std::array::from_fn(|at| state[at].wrapping_add(working[at]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vectors_of_the_standard_come_out() {
        let check = |message: &[u8], expected: &str| assert_eq!(sha1_hex(message), expected);
        check(b"", "da39a3ee5e6b4b0d3255bfef95601890afd80709");
        check(b"abc", "a9993e364706816aba3e25717850c26c9cd0d89d");
        check(
            b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "84983e441c3bd26ebaae4aa1f95129e5e54670f1",
        );
        check(&vec![b'a'; 1_000_000], "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
    }

    #[test]
    fn lengths_around_a_block_are_padded_whole() {
        for length in 0..200 {
            let padded = padded(&vec![7; length]);
            assert_eq!(padded.len() % 64, 0);
            assert!((9..=72).contains(&(padded.len() - length)), "{length}");
        }
    }
}
