//! A long list's pages, numbered: where one is, and the ways to the others.

use askama::Template;

/// The ways to the other pages of a list; nothing where there is one page alone.
#[derive(Template)]
#[template(path = "pager.html", config = "src/web/askama.toml")]
pub(super) struct Pager {
    page: usize,
    pages: usize,
    before: Option<String>,
    after: Option<String>,
}

impl Pager {
    /// Of a list at this address, which keeps what was asked of it.
    pub(super) fn new(path: &str, asked: &[(&str, &str)], page: usize, pages: usize) -> Self {
        let way = |to: usize| {
            let mut query = form_urlencoded::Serializer::new(String::new());
            query.extend_pairs(asked.iter().filter(|(_, value)| !value.is_empty()));
            query.append_pair("page", &to.to_string());
            format!("{path}?{}", query.finish())
        };
        let before = (page > 1).then(|| way(page - 1));
        let after = (page < pages).then(|| way(page + 1));
        Self { page, pages, before, after }
    }
}
