//! The block behind an envelope's window, by NF Z 10-011 (2013): who, flat, building, street,
//! place, postcode and town, country.

use super::folding::{folded_but_hyphens, unaccented_capitals};
use super::postal_address::{AddressLines, PostalAddress};

/// Characters on one line of an envelope, blanks included (NF Z 10-011).
pub(super) const WIDTH: usize = 38;

/// First words that make a line the one with the street, where no number does.
const STREET_TYPES: [&str; 27] = [
    "ALLEE",
    "ALL",
    "AVENUE",
    "AV",
    "BOULEVARD",
    "BD",
    "CHEMIN",
    "CHE",
    "CITE",
    "COURS",
    "ESPLANADE",
    "FAUBOURG",
    "GRANDE",
    "IMPASSE",
    "IMP",
    "MONTEE",
    "PASSAGE",
    "PLACE",
    "PL",
    "PROMENADE",
    "QUAI",
    "ROUTE",
    "RTE",
    "RUE",
    "RUELLE",
    "SQUARE",
    "SQ",
];

/// First words of what lies beyond the street: line 5.
const PLACES: [&str; 8] = ["BP", "BOITE", "CS", "HAMEAU", "LD", "LIEU", "LIEUDIT", "TSA"];

/// First words of what lies inside a building: line 2.
const FLATS: [&str; 9] =
    ["APPARTEMENT", "APPT", "APT", "CHEZ", "ESC", "ESCALIER", "ETAGE", "ETG", "PORTE"];

/// First words of the building itself: line 3.
const BUILDINGS: [&str; 9] =
    ["BAT", "BATIMENT", "ENTREE", "IMM", "IMMEUBLE", "LOTISSEMENT", "RES", "RESIDENCE", "TOUR"];

/// What the norm shortens, in the order in which it is tried: a line keeps all the words it can.
const ABBREVIATIONS: [(&str, &str); 66] = [
    ("MADAME", "MME"),
    ("MONSIEUR", "M"),
    ("ZONE D AMENAGEMENT CONCERTE", "ZAC"),
    ("ZONE INDUSTRIELLE", "ZI"),
    ("ZONE ARTISANALE", "ZA"),
    ("CENTRE COMMERCIAL", "CCAL"),
    ("BOITE POSTALE", "BP"),
    ("ROND POINT", "RPT"),
    ("TERRE PLEIN", "TPL"),
    ("LIEU DIT", "LD"),
    ("APPARTEMENT", "APT"),
    ("BATIMENT", "BAT"),
    ("ESCALIER", "ESC"),
    ("ETAGE", "ETG"),
    ("IMMEUBLE", "IMM"),
    ("RESIDENCE", "RES"),
    ("ALLEE", "ALL"),
    ("AVENUE", "AV"),
    ("BOULEVARD", "BD"),
    ("CENTRE", "CTRE"),
    ("CHEMIN", "CHE"),
    ("COURS", "CRS"),
    ("DOMAINE", "DOM"),
    ("ESPLANADE", "ESP"),
    ("FAUBOURG", "FG"),
    ("HAMEAU", "HAM"),
    ("IMPASSE", "IMP"),
    ("LOTISSEMENT", "LOT"),
    ("MONTEE", "MTE"),
    ("PASSAGE", "PAS"),
    ("PLACE", "PL"),
    ("PLAINE", "PLN"),
    ("PLATEAU", "PLT"),
    ("PROMENADE", "PROM"),
    ("QUARTIER", "QUA"),
    ("ROUTE", "RTE"),
    ("RUELLE", "RLE"),
    ("SENTIER", "SEN"),
    ("SQUARE", "SQ"),
    ("TRAVERSE", "TRA"),
    ("VILLAGE", "VLGE"),
    ("CAPITAINE", "CNE"),
    ("COLONEL", "COL"),
    ("COMMANDANT", "CDT"),
    ("DOCTEUR", "DR"),
    ("GENERAL", "GAL"),
    ("LIEUTENANT", "LT"),
    ("MARECHAL", "MAL"),
    ("MONSEIGNEUR", "MGR"),
    ("PRESIDENT", "PDT"),
    ("PROFESSEUR", "PR"),
    ("NOTRE DAME", "ND"),
    ("SAINTES", "STES"),
    ("SAINTE", "STE"),
    ("SAINTS", "STS"),
    ("SAINT", "ST"),
    ("ANCIENNE", "ANC"),
    ("ANCIEN", "ANC"),
    ("CHATEAU", "CHT"),
    ("GRANDES", "GDES"),
    ("GRANDE", "GDE"),
    ("GRANDS", "GDS"),
    ("GRAND", "GD"),
    ("PETITE", "PTE"),
    ("PETIT", "PT"),
    ("NUMERO", "N"),
];

impl PostalAddress {
    /// The lines to print for `recipient` (civility, first name, name) at this address. What does
    /// not fit is first abbreviated, then cut, and the cut is told in `warnings`, in French and
    /// without the text itself.
    #[must_use]
    pub fn envelope_lines(&self, recipient: &str) -> AddressLines {
        self.envelope_lines_of(&[recipient])
    }

    /// The same for all who live there, on as many lines. Of six lines in all, two persons leave one for
    /// flat and building together.
    #[must_use]
    pub fn envelope_lines_of(&self, recipients: &[impl AsRef<str>]) -> AddressLines {
        let mut block = AddressBlock::default();
        let parts = Parts::of(&self.lines);
        for recipient in recipients {
            block.push(&as_written(recipient.as_ref()), "destinataire");
        }
        let upper = match recipients {
            [] | [_] => parts.upper.into_iter().map(as_written).collect(),
            _ => vec![as_written(&parts.upper.join(" "))],
        };
        for line in upper {
            block.push(&line, "complément d’adresse");
        }
        match parts.street {
            Some(street) => block.push(&unaccented_capitals(street), "rue"),
            None => block.warnings.push("Adresse sans rue.".to_owned()),
        }
        if let Some(place) = parts.place {
            block.push(&unaccented_capitals(place), "lieu-dit");
        }
        if parts.left_out > 0 {
            block.warnings.push("Adresse de plus de six lignes : la fin manque.".to_owned());
        }
        self.push_town(&mut block);
        AddressLines { lines: block.lines, warnings: block.warnings }
    }

    fn push_town(&self, block: &mut AddressBlock) {
        let town = format!("{} {}", self.postcode, self.town);
        // Abroad a hyphen may belong to the postcode ("1000-001 LISBOA"); elsewhere it folds as in a name.
        let is_abroad = self.country.is_some();
        let town = if is_abroad { folded_but_hyphens(&town) } else { unaccented_capitals(&town) };
        if town.is_empty() {
            block.warnings.push("Adresse sans commune.".to_owned());
        }
        block.push(&town, "commune");
        if let Some(country) = &self.country {
            block.push(&unaccented_capitals(country), "pays");
        }
    }
}

/// The free lines of a source, each told by its first word.
struct Parts<'a> {
    upper: Vec<&'a str>,
    street: Option<&'a str>,
    place: Option<&'a str>,
    left_out: usize,
}

impl<'a> Parts<'a> {
    /// The first line is the street when none looks like one: most schools type it there.
    fn of(lines: &'a [String]) -> Self {
        let mut rest: Vec<&str> =
            lines.iter().map(String::as_str).filter(|line| !line.trim().is_empty()).collect();
        let street = rest.iter().position(|line| is_street(line)).unwrap_or(0);
        let street = (street < rest.len()).then(|| rest.remove(street));
        let place = rest.iter().position(|line| begins_with(line, &PLACES));
        let fourth = (rest.len() > 2).then_some(2);
        let place = place.or(fourth).map(|at| rest.remove(at));
        let left_out = rest.len().saturating_sub(2);
        rest.truncate(2);
        rest.sort_by_key(|line| inside_out(line));
        Self { upper: rest, street, place, left_out }
    }
}

fn is_street(line: &str) -> bool {
    let folded = unaccented_capitals(line);
    let first = folded.split(' ').next().unwrap_or_default();
    STREET_TYPES.contains(&first) || is_house_number(first)
}

/// `12`, `12B`, `12BIS`; not `2EME`, which counts floors.
fn is_house_number(word: &str) -> bool {
    let rest = word.trim_start_matches(|c: char| c.is_ascii_digit());
    rest.len() < word.len() && ["", "A", "B", "C", "D", "BIS", "TER", "QUATER"].contains(&rest)
}

fn inside_out(line: &str) -> u8 {
    if begins_with(line, &FLATS) {
        0
    } else if begins_with(line, &BUILDINGS) {
        2
    } else {
        1
    }
}

fn begins_with(line: &str, first_words: &[&str]) -> bool {
    let folded = unaccented_capitals(line);
    folded.split(' ').next().is_some_and(|first| first_words.contains(&first))
}

/// The lines so far, none of them blank.
#[derive(Default)]
struct AddressBlock {
    lines: Vec<String>,
    warnings: Vec<String>,
}

impl AddressBlock {
    fn push(&mut self, line: &str, what: &str) {
        if line.is_empty() {
            return;
        }
        let (line, missing) = fitted(line);
        if missing > 0 {
            self.warnings.push(format!(
                "Ligne « {what} » coupée à {WIDTH} caractères : il en manque {missing}."
            ));
        }
        self.lines.push(line);
    }
}

/// The line within the width, and how many characters had to go.
fn fitted(line: &str) -> (String, usize) {
    if line.chars().count() <= WIDTH {
        return (line.to_owned(), 0);
    }
    let mut words: Vec<String> = line.split(' ').map(str::to_owned).collect();
    for (long, short) in ABBREVIATIONS {
        if width_of(&words) <= WIDTH {
            break;
        }
        shorten(&mut words, long, short);
    }
    let whole = words.join(" ");
    let cut: String = whole.chars().take(WIDTH).collect();
    let missing = whole.chars().count() - cut.chars().count();
    (cut.trim_end().to_owned(), missing)
}

fn width_of(words: &[String]) -> usize {
    words.iter().map(|word| word.chars().count() + 1).sum::<usize>().saturating_sub(1)
}

fn shorten(words: &mut Vec<String>, long: &str, short: &str) {
    let long: Vec<&str> = long.split(' ').collect();
    let found = words.windows(long.len()).position(|window| {
        window.iter().zip(&long).all(|(word, long)| unaccented_capitals(word) == *long)
    });
    if let Some(at) = found {
        words.splice(at..at + long.len(), [short.to_owned()]);
    }
}

/// The upper lines keep their letters; only blanks are put in order.
fn as_written(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}
