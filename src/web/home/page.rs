//! The first page, put into words.

use askama::Template;

use super::super::compose::kept::listed_as;
use super::super::fault::Fault;
use super::super::health;
use super::super::levels::LevelsBar;
use super::super::page::{Section, WebPage};
use super::super::visitor::Visitor;
use super::super::words::{count, hour_of};
use super::approvals;
use super::task::ToDoLine;
use crate::accounts::Account;
use crate::clock::Moment;
use crate::office::{self, ChannelStands, Going, School, Today};
use crate::people::Right;

#[derive(Template)]
#[template(path = "home/home.html", config = "src/web/askama.toml")]
struct Home<'a> {
    name: &'a str,
    lead: String,
    today: TodayPart,
    may_write: bool,
    may_look_up: bool,
}

/// What changes by itself.
#[derive(Template)]
#[template(path = "home/today.html", config = "src/web/askama.toml")]
pub(super) struct TodayPart {
    now: Moment,
    is_attended: bool,
    running: Vec<Running>,
    /// How many more there are.
    others: Option<String>,
    tasks: Vec<ToDoLine>,
    channels: Vec<ChannelRow>,
}

/// A message that goes out.
struct Running {
    code: String,
    subject: String,
    told: String,
    levels: LevelsBar,
    waits: Vec<String>,
}

struct ChannelRow {
    name: &'static str,
    state: String,
    tone: &'static str,
}

/// What goes on, what waits for somebody, and how the channels are.
pub(super) async fn home(visitor: Visitor) -> Result<WebPage, Fault> {
    let account = &visitor.session().account;
    let today = office::today(visitor.school(), account).await?;
    let part = TodayPart::of(visitor.school(), account, &today);
    let body = Home {
        name: &account.name,
        lead: part.lead(&today),
        today: part,
        may_write: visitor.may(Right::Write),
        may_look_up: visitor.may(Right::SeeFamilies),
    };
    visitor.page(Section::Home, "Accueil", &body)
}

impl TodayPart {
    /// As an account sees it.
    pub(super) fn of(school: &School, account: &Account, today: &Today) -> Self {
        let mut waiting = approvals::tasks(school, account, today);
        if account.may(Right::CarryByHand) {
            waiting.extend(tasks(school, today));
        }
        Self {
            now: school.clock.now(),
            is_attended: today.daemon_at_work,
            running: running(school, today),
            others: others(today),
            tasks: waiting,
            channels: today.channels.iter().filter_map(|it| channel_row(school, it)).collect(),
        }
    }

    /// The same in two sentences.
    pub(super) fn lead(&self, today: &Today) -> String {
        lead(today, self.tasks.len(), self.now)
    }
}

fn lead(today: &Today, tasks: usize, now: Moment) -> String {
    let waiting = today.messages.iter().filter(|it| it.sent.sum.addressees.waiting > 0);
    let (later, goes): (Vec<_>, Vec<_>) = waiting.partition(|it| it.starts_at > Some(now));
    let goes = match goes.len() + today.others.now {
        0 => "Rien ne part en ce moment.".to_owned(),
        1 => "Une annonce est en cours.".to_owned(),
        many => format!("{many} annonces sont en cours."),
    };
    let later = match later.len() + today.others.later {
        0 => String::new(),
        1 => " Une annonce attend son heure.".to_owned(),
        many => format!(" {many} annonces attendent leur heure."),
    };
    let waits = match tasks {
        0 => "Rien n’attend quelqu’un.".to_owned(),
        1 => "Une chose attend quelqu’un.".to_owned(),
        many => format!("{many} choses attendent quelqu’un."),
    };
    format!("{goes}{later} {waits}")
}

fn others(today: &Today) -> Option<String> {
    let more = today.others.now + today.others.later;
    (more > 0).then(|| {
        count(
            more,
            "autre annonce est en chemin, ou attend son heure",
            "autres annonces sont en chemin, ou attendent leur heure",
        )
    })
}

fn running(school: &School, today: &Today) -> Vec<Running> {
    let goes = |it: &&Going| it.sent.sum.addressees.waiting > 0;
    let first = today.messages.iter().take(1);
    let others = today.messages.iter().skip(1).filter(goes);
    first.chain(others).map(|it| Running::of(school, it)).collect()
}

impl Running {
    fn of(school: &School, Going { sent, waits, .. }: &Going) -> Self {
        let by = match sent.launched_by.as_str() {
            "" => String::new(),
            name => format!(" par {name}"),
        };
        Self {
            code: sent.message.to_string(),
            subject: sent.subject.clone(),
            told: format!(
                "Lancée {}{by}, pour : {}",
                hour_of(school, sent.launched_at),
                sent.audience
            ),
            levels: LevelsBar::of(&sent.sum),
            waits: waits.iter().map(|wait| wait.in_french(school)).collect(),
        }
    }
}

/// What waits, first what is due first.
fn tasks(school: &School, today: &Today) -> Vec<ToDoLine> {
    let to_do = &today.to_do;
    let mut tasks = Vec::new();
    let mut add = |path: &str, words: String, about: String, presses: bool| {
        tasks.push(ToDoLine { path: path.to_owned(), words, about, presses });
    };
    for card in &to_do.cards {
        add(&format!("/a-traiter#{}", card.card), card.in_french(school), String::new(), true);
    }
    if to_do.calls > 0 {
        add(
            "/appels",
            count(to_do.calls, "famille à appeler", "familles à appeler"),
            String::new(),
            true,
        );
    }
    if to_do.unreached > 0 {
        let words = count(
            to_do.unreached,
            "personne que rien n’a jointe",
            "personnes que rien n’a jointes",
        );
        add("/a-traiter/non-jointes", words, "à joindre autrement".to_owned(), true);
    }
    if to_do.uncertain > 0 {
        let words = count(to_do.uncertain, "envoi incertain", "envois incertains");
        add("/a-traiter/incertains", words, "est-il arrivé ?".to_owned(), false);
    }
    if to_do.replies > 0 {
        let words = count(to_do.replies, "réponse de famille", "réponses de familles");
        add("/a-traiter/reponses", words, "à lire".to_owned(), false);
    }
    if to_do.others > 0 {
        let words = count(to_do.others, "retour à regarder", "retours à regarder");
        add("/a-traiter/boite", words, "rappels, coupons, courriels revenus".to_owned(), false);
    }
    if to_do.letters_to_print > 0 {
        let words = format!("Imprimer {}", count(to_do.letters_to_print, "courrier", "courriers"));
        add("/courriers", words, String::new(), false);
    }
    if to_do.letters_to_post > 0 {
        let words =
            format!("Poster ou remettre {}", count(to_do.letters_to_post, "courrier", "courriers"));
        let lots = count(to_do.batches_to_post, "lot", "lots");
        add("/courriers", words, lots, false);
    }
    let is_asked_about = |number| today.approvals.iter().any(|it| it.draft.number == number);
    for draft in today.drafts.iter().filter(|it| !is_asked_about(it.number)) {
        let about =
            format!("brouillon de {}, {}", draft.changed_by, hour_of(school, draft.changed_at));
        add(&format!("/annonces/brouillons/{}", draft.number), listed_as(draft), about, false);
    }
    tasks
}

fn channel_row(school: &School, stands: &ChannelStands) -> Option<ChannelRow> {
    if stands.provider.is_none() && !stands.channel.is_carried_by_people() && stands.open {
        return None;
    }
    let (state, tone) = health::told(school, stands);
    Some(ChannelRow { name: stands.channel.in_french(), state, tone })
}
