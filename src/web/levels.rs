//! How far a message has come, as a bar and as the sentence that says the same.

use askama::Template;

use super::words::count;
use crate::queue::Sum;

/// A bar of a thousand parts, and its sentence.
#[derive(Template)]
#[template(path = "levels.html", config = "src/web/askama.toml")]
pub(super) struct LevelsBar {
    parts: Vec<Stretch>,
    sentence: String,
}

struct Stretch {
    tone: usize,
    from: usize,
    wide: usize,
}

impl LevelsBar {
    /// Of a message.
    pub(super) fn of(sum: &Sum) -> Self {
        let (all, levels) = (sum.addressees, sum.levels);
        let shares = [
            levels.handed_over,
            levels.arrived,
            levels.seen,
            levels.answered,
            all.on_letter + all.on_call,
            all.unreached + all.uncertain,
        ];
        Self { parts: parts(&shares, all.total), sentence: sentence(sum) }
    }
}

fn parts(shares: &[usize], total: usize) -> Vec<Stretch> {
    let place = |sum: usize| (sum * 1_000).checked_div(total).unwrap_or(0);
    let (mut parts, mut sum) = (Vec::new(), 0);
    for (at, share) in shares.iter().enumerate().filter(|(_, share)| **share > 0) {
        let from = place(sum);
        sum += share;
        parts.push(Stretch { tone: at + 1, from, wide: place(sum).saturating_sub(from).max(1) });
    }
    parts
}

/// `828 destinataires joints sur 877 : 412 remis, 189 arrivés, 96 vus, 131 répondus ; 45 sur papier`.
fn sentence(sum: &Sum) -> String {
    let (all, levels) = (sum.addressees, sum.levels);
    let proofs = [
        (levels.handed_over, "remis", "remis"),
        (levels.arrived, "arrivé", "arrivés"),
        (levels.seen, "vu", "vus"),
        (levels.answered, "avec réponse", "avec réponse"),
    ];
    let others = [
        (all.waiting, "en chemin", "en chemin"),
        (all.on_letter, "sur papier", "sur papier"),
        (all.on_call, "à appeler", "à appeler"),
        (all.unreached, "non joint", "non joints"),
        (all.uncertain, "incertain", "incertains"),
        (all.cancelled, "annulé", "annulés"),
    ];
    let listed = |of: &[(usize, &str, &str)]| {
        let some = of.iter().filter(|(number, ..)| *number > 0);
        some.map(|(number, one, many)| count(*number, one, many)).collect::<Vec<_>>().join(", ")
    };
    let joined = if all.reached < 2 { "destinataire joint" } else { "destinataires joints" };
    let mut said = format!("{} {joined} sur {}", all.reached, all.total);
    for (before, part) in [(" : ", listed(&proofs)), (" ; ", listed(&others))] {
        if !part.is_empty() {
            said.push_str(before);
            said.push_str(&part);
        }
    }
    said.push('.');
    said
}
