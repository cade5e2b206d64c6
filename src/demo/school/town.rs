//! The town where a school's families live, as it is made.

use super::college::College;
use super::contacts::Register;

/// The making of a school's families.
pub(super) struct Town<'a> {
    pub(super) school: &'a mut College,
    pub(super) rng: &'a mut fastrand::Rng,
    pub(super) register: Register,
    pub(super) person_ids: usize,
    pub(super) pupil_ids: usize,
    /// Classes of each level, and how many pupils it has.
    pub(super) levels: Vec<(Vec<String>, usize)>,
    pub(super) last_only_child: Option<usize>,
}

impl<'a> Town<'a> {
    /// Nobody lives there yet.
    pub(super) fn around(school: &'a mut College, rng: &'a mut fastrand::Rng) -> Self {
        let levels = school
            .classes
            .chunk_by(|a, b| a.chars().next() == b.chars().next())
            .map(|classes| (classes.to_vec(), 0))
            .collect();
        Self {
            school,
            rng,
            register: Register::default(),
            pupil_ids: 1_200_000,
            person_ids: 555_000,
            levels,
            last_only_child: None,
        }
    }
}
