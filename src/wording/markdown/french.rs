//! Blocks in French typography, each line as a whole: what is bold is part of its sentence.

use super::{Block, TextSpan};
use crate::wording::typography::{self, Placed};

/// The blocks as a French printer sets them, for screens and paper.
#[must_use]
pub fn in_french(blocks: &[Block]) -> Vec<Block> {
    blocks.iter().map(|block| block.with_lines(&mut line_in_french)).collect()
}

/// One line of such blocks.
pub fn line_in_french(spans: &[TextSpan]) -> Vec<TextSpan> {
    let mut typed = Vec::new();
    read(spans, &mut typed);
    let placed = typography::set(typed);
    write(spans, &mut 0, &mut placed.as_slice())
}

fn read(spans: &[TextSpan], typed: &mut Vec<char>) {
    for span in spans {
        match span {
            TextSpan::Text { text } => typed.extend(text.chars()),
            TextSpan::Break => typed.push('\n'),
            TextSpan::Strong { spans }
            | TextSpan::Emphasis { spans }
            | TextSpan::Link { spans, .. } => {
                read(spans, typed);
            }
        }
    }
}

/// Gives each span the signs that come of its own; `end` is where its own end among those typed.
fn write(spans: &[TextSpan], end: &mut usize, placed: &mut &[Placed]) -> Vec<TextSpan> {
    let mut written = Vec::with_capacity(spans.len());
    for span in spans {
        written.push(match span {
            TextSpan::Text { text } => {
                *end += text.chars().count();
                TextSpan::Text { text: take(*end, placed) }
            }
            TextSpan::Break => {
                *end += 1;
                take(*end, placed);
                TextSpan::Break
            }
            TextSpan::Strong { spans } => TextSpan::Strong { spans: write(spans, end, placed) },
            TextSpan::Emphasis { spans } => TextSpan::Emphasis { spans: write(spans, end, placed) },
            TextSpan::Link { href, spans } => {
                TextSpan::Link { href: href.clone(), spans: write(spans, end, placed) }
            }
        });
    }
    written
}

/// The signs that come of what was typed before `end`.
fn take(end: usize, placed: &mut &[Placed]) -> String {
    let count = placed.iter().take_while(|(_, typed)| *typed < end).count();
    let (taken, rest) = placed.split_at(count);
    *placed = rest;
    taken.iter().map(|(sign, _)| *sign).collect()
}
