//! Circles in "waits for".

use std::collections::VecDeque;

/// Finds circles, each once: `after[n]` are the numbers that `n` waits for.
///
/// A circle begins with its lowest number. Numbers that only wait for a circle are in none.
pub(super) fn cycles(after: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut waiting: Vec<usize> = after.iter().map(Vec::len).collect();
    let mut followers = vec![Vec::new(); after.len()];
    for (n, befores) in after.iter().enumerate() {
        for &before in befores {
            followers[before].push(n);
        }
    }
    let mut left: Vec<bool> = vec![true; after.len()];
    let mut free: VecDeque<usize> = (0..after.len()).filter(|&n| waiting[n] == 0).collect();
    let mut found = Vec::new();
    loop {
        while let Some(n) = free.pop_front() {
            left[n] = false;
            for &follower in &followers[n] {
                waiting[follower] -= 1;
                if waiting[follower] == 0 && left[follower] {
                    free.push_back(follower);
                }
            }
        }
        let Some(start) = left.iter().position(|&left| left) else { return found };
        let circle = walk(after, &left, start);
        for &n in &circle {
            left[n] = false;
            free.push_back(n);
        }
        found.push(circle);
    }
}

/// Follows "waits for" from `start` until a number comes again.
fn walk(after: &[Vec<usize>], left: &[bool], start: usize) -> Vec<usize> {
    let mut path = Vec::new();
    let mut seen = vec![false; after.len()];
    let mut at = start;
    while !seen[at] {
        seen[at] = true;
        path.push(at);
        // What is left waits for something that is left: that is why it is left.
        match after[at].iter().find(|&&before| left[before]) {
            Some(&before) => at = before,
            None => return path,
        }
    }
    let begin = path.iter().position(|&n| n == at).unwrap_or(0);
    let mut circle = path.split_off(begin);
    let lowest = circle.iter().enumerate().min_by_key(|(_, n)| **n).map_or(0, |(index, _)| index);
    circle.rotate_left(lowest);
    circle
}

#[cfg(test)]
mod tests {
    use super::cycles;

    fn check(after: &[&[usize]], expected: &[&[usize]]) {
        let after: Vec<Vec<usize>> = after.iter().map(|befores| befores.to_vec()).collect();
        assert_eq!(cycles(&after), expected);
    }

    #[test]
    fn circles_are_found_once_and_followers_are_not_in_them() {
        check(&[&[], &[0], &[0, 1]], &[]);
        check(&[&[0]], &[&[0]]);
        check(&[&[1], &[2], &[0]], &[&[0, 1, 2]]);
        check(&[&[2], &[2], &[1], &[0]], &[&[1, 2]]);
        check(&[&[1], &[0], &[3], &[2]], &[&[0, 1], &[2, 3]]);
        check(&[&[1, 1], &[]], &[]);
    }
}
