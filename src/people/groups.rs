//! Who belongs together, told pair by pair.

/// Members numbered from 0, joined into groups (a union-find).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Groups {
    parents: Vec<usize>,
}

impl Groups {
    /// One more member, alone in its group; its number.
    pub fn add(&mut self) -> usize {
        self.parents.push(self.parents.len());
        self.parents.len() - 1
    }

    /// Makes one group of those of two members.
    pub fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.shorten(a), self.shorten(b));
        self.parents[a.max(b)] = a.min(b);
    }

    /// The group of a member, by the number of its first member.
    #[must_use]
    pub fn of(&self, member: usize) -> usize {
        let mut at = member;
        while self.parents[at] != at {
            at = self.parents[at];
        }
        at
    }

    /// The group of a member; the way to it is shortened for the next time.
    fn shorten(&mut self, member: usize) -> usize {
        let mut at = member;
        while self.parents[at] != at {
            self.parents[at] = self.parents[self.parents[at]];
            at = self.parents[at];
        }
        at
    }

    /// How many groups there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.parents.iter().enumerate().filter(|(at, parent)| at == *parent).count()
    }
}
