//! What the benchmarks measure on.

pub(crate) mod log;
