//! Every template, and what one says to a sample person on each of its channels.

use askama::Template;
use axum::extract::{Path, RawQuery};

use super::super::fault::Fault;
use super::super::page::{Section, WebPage};
use super::super::posted::Form;
use super::super::visitor::Visitor;
use super::sample::SampleTexts;
use crate::office::{self, TemplateListed};

#[derive(Template)]
#[template(path = "templates/list.html", config = "src/web/askama.toml")]
struct TemplatesPage {
    templates: Vec<TemplateRow>,
}

struct TemplateRow {
    name: String,
    title: String,
    description: String,
    channels: String,
    whose: &'static str,
}

impl TemplateRow {
    fn of(template: TemplateListed) -> Self {
        let channels = template.info.channels.iter().map(|channel| channel.in_french());
        let channels = channels.collect::<Vec<_>>().join(", ");
        let whose =
            if template.is_own { "version de l’établissement" } else { "version livrée" };
        let (title, description) = (template.info.title, template.info.description);
        Self { name: template.name, title, description, channels, whose }
    }
}

/// Every template.
pub(super) async fn list(visitor: Visitor) -> Result<WebPage, Fault> {
    let templates = office::templates(visitor.school()).into_iter().map(TemplateRow::of).collect();
    visitor.page(Section::Templates, "Modèles", &TemplatesPage { templates })
}

#[derive(Template)]
#[template(path = "templates/show.html", config = "src/web/askama.toml")]
struct TemplatePage {
    done: &'static str,
    row: TemplateRow,
    sample: SampleTexts,
    versions: Vec<usize>,
}

/// One template.
pub(super) async fn show(
    visitor: Visitor,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<WebPage, Fault> {
    let asked = Form::asked(query.as_deref().unwrap_or_default());
    let shown = office::show_template(visitor.school(), &name)?;
    let sample = SampleTexts::of(office::template_sample(visitor.school(), &name)?);
    let title = shown.listed.info.title.clone();
    let body = TemplatePage {
        done: match asked.text("fait") {
            "enregistre" => "C’est enregistré : les prochaines annonces prendront ce texte.",
            _ => "",
        },
        row: TemplateRow::of(shown.listed),
        sample,
        versions: (1..=shown.versions).rev().collect(),
    };
    visitor.page(Section::Templates, &title, &body)
}
