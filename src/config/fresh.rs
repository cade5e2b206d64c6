//! The shipped file with what a school says of itself. What the school does not have yet begins with `#`.

use super::school::overseas;
use super::shipped::{MARK, SHIPPED};
use crate::email_address::EmailAddress;
use crate::people::SchoolId;

/// Where comments begin.
const COLUMN: usize = 40;

/// What a school says of itself; what is `None` stays the example's.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// Its UAI; that of an overseas school tells its zone and its region too.
    pub uai: Option<SchoolId>,
    /// Its name, as families know it.
    pub name: Option<String>,
    /// The lines of its address.
    pub address: Option<Vec<String>>,
    /// The town from which letters are dated.
    pub town: Option<String>,
    /// The telephone of the secretariat, as it is printed.
    pub phone: Option<String>,
    /// The e-mail address of the secretariat; empty for none.
    pub email: Option<String>,
    /// Where the full text of announcements stands; empty for nowhere.
    pub website: Option<String>,
    /// Who signs.
    pub signatory_name: Option<String>,
    /// In which function.
    pub signatory_title: Option<String>,
    /// By what e-mails leave.
    pub relay: Option<Relay>,
}

/// An SMTP relay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relay {
    /// Its host name or address.
    pub host: String,
    /// The address that families see as the sender.
    pub from: EmailAddress,
    /// The account there, whose password stands in [`Relay::PASSWORD_FILE`]; none by default.
    pub user: Option<String>,
}

impl Relay {
    /// The file of its password, beside the configuration.
    pub const PASSWORD_FILE: &str = "relay-password";
}

impl Facts {
    /// The country or territory whose telephone numbers are typed without prefix (ISO 3166).
    #[must_use]
    pub fn region(&self) -> &'static str {
        self.uai.as_ref().and_then(overseas).map_or("FR", |place| place.region)
    }

    /// The whole configuration: the school's letters, e-mails once a relay is named, no ENT and no text messages.
    #[must_use]
    pub fn written(&self) -> String {
        let mut file = TomlLines(SHIPPED.lines().map(str::to_owned).collect());
        self.write_school(&mut file);
        file.put_aside("providers.ent.edifice");
        file.put_aside("providers.sms.ovh");
        match &self.relay {
            Some(relay) => self.write_relay(relay, &mut file),
            None => file.put_aside("providers.relay.smtp"),
        }
        file.0.join("\n") + "\n"
    }

    fn write_school(&self, file: &mut TomlLines) {
        let uai = self.uai.as_ref().map(|uai| uai.as_str().to_owned());
        let place = self.uai.as_ref().and_then(overseas);
        let texts = [
            ("uai", &uai),
            ("name", &self.name),
            ("town", &self.town),
            ("phone", &self.phone),
            ("email", &self.email),
            ("website", &self.website),
            ("signatory_name", &self.signatory_name),
            ("signatory_title", &self.signatory_title),
            ("zone", &place.map(|place| place.zone.to_owned())),
            ("region", &place.map(|place| place.region.to_owned())),
        ];
        for (key, text) in texts {
            if let Some(text) = text {
                file.set("school", key, &quoted(text));
            }
        }
        if let Some(lines) = &self.address {
            file.set("school", "address", &toml::Value::from(lines.clone()).to_string());
        }
    }

    fn write_relay(&self, Relay { host, from, user }: &Relay, file: &mut TomlLines) {
        const TABLE: &str = "providers.relay.smtp";
        file.set(TABLE, "host", &quoted(host));
        file.set(TABLE, "from", &quoted(from.as_str()));
        if let Some(name) = &self.name {
            file.set(TABLE, "from_name", &quoted(name));
        }
        if let Some(user) = user {
            file.set(TABLE, "user", &quoted(user));
            file.set(TABLE, "password", &format!("{{ file = {} }}", quoted(Relay::PASSWORD_FILE)));
        }
    }
}

/// A text as TOML takes it.
fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}

/// The lines of the file.
struct TomlLines(Vec<String>);

impl TomlLines {
    /// Gives a key of a table its value, also where the line begins with `#`; what its comment says stays.
    fn set(&mut self, table: &str, key: &str, value: &str) {
        let is_of_key = |line: &str| {
            let line = line.strip_prefix("# ").unwrap_or(line);
            line.split_once(" = ").is_some_and(|(name, _)| name == key)
        };
        if let Some(line) = self.of_table(table).find(|line| is_of_key(line)) {
            let set = format!("{key} = {value}");
            let column = COLUMN.max(set.chars().count() + 3);
            let comment = line.split_once("  # ").map_or("", |(_, comment)| comment);
            let comment = comment.strip_prefix(MARK).unwrap_or(comment).trim();
            *line = match comment {
                "" => set,
                _ => format!("{set:<column$}# {comment}"),
            };
        }
    }

    /// Puts `#` before each line of a table.
    fn put_aside(&mut self, table: &str) {
        for line in self.of_table(table).filter(|line| !line.starts_with('#')) {
            line.insert_str(0, "# ");
        }
    }

    /// From the table's head to its end, which is an empty line.
    fn of_table(&mut self, table: &str) -> impl Iterator<Item = &mut String> {
        let head = format!("[{table}]");
        let from_head = self.0.iter_mut().skip_while(move |line| !line.starts_with(&head));
        from_head.take_while(|line| !line.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Config, examples_left};

    fn facts() -> Facts {
        let text = |text: &str| Some(text.to_owned());
        Facts {
            uai: Some(SchoolId::parse("9740001A").unwrap()),
            name: text("Lycée \"Ampère\" # 2"),
            address: Some(vec!["2 rue Haute".to_owned(), "97400 SAINT-DENIS".to_owned()]),
            town: text("Saint-Denis"),
            phone: text("02 62 00 00 00"),
            email: text("lycee@example.org"),
            website: text(""),
            signatory_name: text("Zoé Lunel"),
            signatory_title: text("Proviseure"),
            relay: None,
        }
    }

    #[test]
    fn what_is_written_holds_the_facts_no_example_and_no_provider() {
        let text = facts().written();
        let config = Config::read("chappe.toml", &text, []).unwrap();
        let school = &config.school;
        assert_eq!((school.name.as_str(), school.region.as_str()), ("Lycée \"Ampère\" # 2", "RE"));
        assert_eq!((school.address.len(), school.zone.as_str()), (2, "Indian/Reunion"));
        assert!(config.providers.is_empty());
        assert_eq!(examples_left(&text, []).unwrap(), Vec::<String>::new());
        assert!(text.contains("  # letters are dated from there\n"), "{text}");
    }

    #[test]
    fn a_relay_that_is_named_is_used_and_its_password_stands_in_a_file() {
        let from = EmailAddress::parse("lycee@example.org").unwrap();
        let relay =
            Relay { host: "smtp.lycee.example".to_owned(), from, user: Some("l".to_owned()) };
        let text = Facts { relay: Some(relay), ..facts() }.written();
        let config = Config::read("chappe.toml", &text, []).unwrap();
        let secrets = config.providers["relay"].secrets("relay");
        assert_eq!(secrets.len(), 1, "{text}");
        assert_eq!(examples_left(&text, []).unwrap(), Vec::<String>::new());
    }

    #[test]
    fn what_nobody_said_is_still_the_example_s_by_whatever_name_a_provider_goes() {
        let left = examples_left(&Facts::default().written(), []).unwrap();
        let of_school = left.iter().filter(|key| key.starts_with("school.")).count();
        assert!(of_school == left.len() && of_school > 5, "{left:?}");
        let renamed = SHIPPED.replace("[providers.relay.smtp]", "[providers.mails.smtp]");
        let left = examples_left(&renamed, []).unwrap();
        assert!(left.iter().any(|key| key == "providers.mails.smtp.host"), "{left:?}");
        let by_variable = ("CHAPPE__SCHOOL__NAME".to_owned(), "Collège Zoé".to_owned());
        let left = examples_left(SHIPPED, [by_variable]).unwrap();
        assert!(!left.iter().any(|key| key == "school.name"), "{left:?}");
    }
}
