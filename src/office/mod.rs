//! The office: what people of a school, or programs for them, can ask for. One file an act; every door calls
//! it, and words its answer and its refusal in the door's own language.

mod school;

pub use school::{School, press};
