//! What the parts do together.

mod diagnostics;
