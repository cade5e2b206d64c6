//! No two files of a room use each other, however long the way round. What a file uses is what its
//! paths name; a `mod.rs` that only declares and gives on stands in nobody's way.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::sources;

/// A file, by the names of the modules that lead to it.
type File = Vec<String>;

#[derive(Default)]
struct House {
    /// What each file names, as it stands there: paths within the crate.
    named: BTreeMap<File, Vec<File>>,
    /// What a file gives on under a name, and where that stands.
    given_on: BTreeMap<(File, String), File>,
}

fn file_of(path: &Path) -> File {
    let under = path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap();
    let bare = under.with_extension("");
    let names = bare.iter().map(|it| it.to_str().unwrap().to_owned());
    names.filter(|name| name != "mod").collect()
}

/// The code that ships, without comments.
fn shipped(code: &str) -> String {
    let code = code.split("#[cfg(test)]").next().unwrap_or_default();
    let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

/// `a::{b, c::{d, self}}` as the paths that it stands for.
fn paths(tree: &str) -> Vec<String> {
    let tree = tree.split(" as ").next().unwrap_or_default().trim();
    let Some((before, inside)) = tree.split_once('{') else { return vec![tree.to_owned()] };
    let inside = inside.strip_suffix('}').unwrap_or(inside);
    let (mut depth, mut parts) = (0, vec![String::new()]);
    for c in inside.chars() {
        depth += i32::from(c == '{') - i32::from(c == '}');
        if c == ',' && depth == 0 {
            parts.push(String::new());
        } else {
            parts.last_mut().unwrap().push(c);
        }
    }
    let parts = parts.iter().filter(|part| !part.trim().is_empty());
    parts.flat_map(|part| paths(part)).map(|path| format!("{before}{path}")).collect()
}

/// A path that is named in a file, from the crate's root on; none for what is not ours.
fn from_root(file: &File, path: &str, all: &BTreeSet<File>) -> Option<File> {
    let mut names = path.split("::").map(str::trim).map(str::to_owned).peekable();
    let mut root = match names.peek()?.as_str() {
        "crate" => Vec::new(),
        "self" | "super" => file.clone(),
        child => {
            let own = [file.as_slice(), &[child.to_owned()]].concat();
            return all.contains(&own).then(|| [file.clone(), names.collect()].concat());
        }
    };
    while let Some(name) = names.next_if(|name| ["crate", "self", "super"].contains(&&**name)) {
        if name == "super" {
            root.pop();
        }
    }
    Some(root.into_iter().chain(names).collect())
}

impl House {
    fn of(sources: &[(File, String)]) -> Self {
        let all: BTreeSet<File> = sources.iter().map(|(file, _)| file.clone()).collect();
        let mut house = Self::default();
        for (file, code) in sources {
            let code = shipped(code);
            let mut named = Vec::new();
            let mut rest = String::new();
            for statement in code.split_inclusive(';') {
                let Some((before, tree)) = statement.rsplit_once("use ") else {
                    rest.push_str(statement);
                    continue;
                };
                let line = before.rsplit('\n').next().unwrap_or_default().trim();
                if !line.is_empty() && !line.starts_with("pub") {
                    rest.push_str(statement);
                    continue;
                }
                rest.push_str(before);
                for path in paths(tree.trim_end_matches(';')) {
                    let Some(path) = from_root(file, &path, &all) else { continue };
                    let name = path.last().cloned().unwrap_or_default();
                    if line.is_empty() {
                        named.push(path);
                    } else {
                        house.given_on.insert((file.clone(), name), path);
                    }
                }
            }
            let words = rest.split(|c: char| !c.is_alphanumeric() && !"_:".contains(c));
            let inline = words.filter(|word| word.contains("::"));
            named.extend(inline.filter_map(|path| from_root(file, path, &all)));
            house.named.insert(file.clone(), named);
        }
        house
    }

    /// The file in which the thing of this path stands.
    fn stands_in(&self, path: &File) -> Option<File> {
        let lead = (1..=path.len()).rev().map(|count| path[..count].to_vec());
        let file = lead.into_iter().find(|file| self.named.contains_key(file))?;
        let name = path.get(file.len());
        match name.and_then(|name| self.given_on.get(&(file.clone(), name.clone()))) {
            Some(there) if !there.starts_with(path) => {
                let rest = &path[file.len() + 1..];
                self.stands_in(&[there.as_slice(), rest].concat())
            }
            _ => Some(file),
        }
    }

    fn used_by(&self, file: &File) -> BTreeSet<File> {
        let named = self.named.get(file).into_iter().flatten();
        let used = named.filter_map(|path| self.stands_in(path));
        used.filter(|other| other != file && other.first() == file.first()).collect()
    }

    /// The files of a room that come back to themselves.
    fn in_circles(&self, room: &str) -> Vec<String> {
        let files = self.named.keys().filter(|file| file.first().is_some_and(|it| it == room));
        let used: BTreeMap<&File, BTreeSet<File>> =
            files.map(|file| (file, self.used_by(file))).collect();
        let comes_back = |start: &File| {
            let (mut seen, mut next) = (BTreeSet::new(), vec![start]);
            while let Some(file) = next.pop() {
                for other in &used[file] {
                    if other == start {
                        return true;
                    }
                    if seen.insert(other) {
                        next.push(other);
                    }
                }
            }
            false
        };
        let files = used.keys().filter(|file| comes_back(file));
        files.map(|file| file.join("::")).collect()
    }
}

#[test]
fn no_circle_of_files_stands_within_a_room() {
    let files: Vec<_> = sources().into_iter().map(|(path, code)| (file_of(&path), code)).collect();
    let house = House::of(&files);
    let rooms: BTreeSet<&String> = files.iter().filter_map(|(file, _)| file.first()).collect();
    let circles: Vec<_> = rooms.into_iter().flat_map(|room| house.in_circles(room)).collect();
    assert!(circles.is_empty(), "these come back to themselves:\n{}", circles.join("\n"));
}

#[test]
fn a_circle_is_found_through_a_room_that_gives_on() {
    let file = |path: &str, code: &str| -> (File, String) {
        (path.split("::").map(str::to_owned).collect(), code.to_owned())
    };
    let mut files = vec![
        file("a", "mod b;\nmod c;\npub use b::{B, Other};\n"),
        file("a::b", "use super::c::{self,\n    C};\npub struct B;"),
        file("a::c", "pub struct C;\n#[cfg(test)]\nmod tests { use super::super::B; }"),
    ];
    assert_eq!(House::of(&files).in_circles("a"), Vec::<String>::new());
    files[2].1 = "fn f() { super::B::new() }".to_owned();
    assert_eq!(House::of(&files).in_circles("a"), ["a::b", "a::c"]);
    files[2].1 = "// super::B\nuse std::fmt;".to_owned();
    assert_eq!(House::of(&files).in_circles("a"), Vec::<String>::new());
}
