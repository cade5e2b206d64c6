//! Answers that no service should give: cut, endless, of the wrong kind, about somebody else, or simply
//! absurd. Each has the verdict that must come, and none brings anything down.

mod ent;
mod sms;

use std::time::Duration;

use chappe::delivery::{FailureKind, SendError};

use crate::scripted::Reply::{self, HangUp, Say};
use crate::scripted::http::{answer, json};

/// What no HTTP client can make an answer of, with a status that says that all is well.
fn broken() -> Vec<(&'static str, Reply)> {
    let ok = "HTTP/1.1 200 OK\r\n";
    let said = |headers: &str, body: &str| Say(format!("{ok}{headers}\r\n{body}").leak());
    let long_header = format!("X: {}\r\n", "x".repeat(1 << 20));
    let many_headers = "X: y\r\n".repeat(2_000);
    vec![
        ("nothing", HangUp),
        ("not HTTP", Say("250 2.0.0 Ok\r\n")),
        ("no status line", Say("{\"ids\":[7],\"id\":\"m1\"}")),
        ("another protocol", Say("HTTP/2.0 200 OK\r\n\r\n")),
        ("a TLS alert", Say("\u{15}\u{3}\u{1}\u{0}\u{2}\u{2}\u{28}")),
        ("a status of two digits", Say("HTTP/1.1 20 OK\r\n\r\n{}")),
        ("a status of words", Say("HTTP/1.1 fine OK\r\n\r\n{}")),
        ("100 for ever", Say("HTTP/1.1 100 Continue\r\n\r\n")),
        ("cut in its headers", Say("HTTP/1.1 200 OK\r\nContent-Ty")),
        ("cut in its body", said("Content-Length: 99\r\n", "{\"ids\":[7],\"id\":\"m1\"")),
        ("a length of words", said("Content-Length: many\r\n", "{}")),
        ("a negative length", said("Content-Length: -1\r\n", "{}")),
        ("two lengths", said("Content-Length: 2\r\nContent-Length: 3\r\n", "{}")),
        ("a chunk of no size", said("Transfer-Encoding: chunked\r\n", "zz\r\n{}\r\n")),
        (
            "a chunk without end",
            said("Transfer-Encoding: chunked\r\n", "ffffffffffffffff\r\n{\"ids\":[7]"),
        ),
        ("a header of a megabyte", said(&long_header, "{}")),
        ("two thousand headers", said(&many_headers, "{\"ids\":[7],\"id\":\"m1\"}")),
        ("a header with a NUL", said("X: a\u{0}b\r\n", "{\"ids\":[7],\"id\":\"m1\"}")),
    ]
}

/// JSON that is none, or none of theirs.
fn nonsense() -> Vec<(&'static str, Reply)> {
    let nested = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let deep = format!("{{\"id\":{nested},\"ids\":{nested}}}");
    let long = format!("{{\"ids\":[7],\"id\":\"m1\",\"x\":\"{}\"}}", "x".repeat(3 << 20));
    vec![
        ("an empty body", json("")),
        ("null", json("null")),
        ("a text", json("\"ids\"")),
        ("a number", json("7")),
        ("a list", json("[\"m1\",1,2,3,4]")),
        ("an empty object", json("{}")),
        ("other fields", json("{\"result\":\"ok\",\"status\":\"sent\"}")),
        ("cut", json("{\"ids\":[7,\"id\":\"m1\"")),
        ("two answers", json("{\"ids\":[7],\"id\":\"m1\"}{\"ids\":[8],\"id\":\"m2\"}")),
        ("a field twice", json("{\"ids\":[7],\"ids\":[8],\"id\":\"m1\",\"id\":\"m2\"}")),
        ("a callback", json("callback({\"ids\":[7],\"id\":\"m1\"})")),
        ("a guard", json(")]}',\n{\"ids\":[7],\"id\":\"m1\"}")),
        ("a byte order mark", json("\u{feff}{\"ids\":[7],\"id\":\"m1\"}")),
        ("a NUL", json("{\"ids\":[7],\u{0}\"id\":\"m1\"}")),
        ("half a surrogate", json("{\"ids\":[\"\\ud800\"],\"id\":\"\\ud800\"}")),
        ("a number beyond all", json("{\"ids\":[1e999],\"id\":1e999}")),
        ("nested without end", json(&deep)),
        ("three megabytes", json(&long)),
        (
            "XML",
            answer("200 OK", "Content-Type: text/xml\r\n", "<?xml version=\"1.0\"?><id>7</id>"),
        ),
        ("a page", answer("200 OK", "Content-Type: text/html\r\n", "<html>Trop de monde</html>")),
        ("a page called JSON", json("  <!doctype html><p>m1")),
        ("created", answer("201 Created", "", "{\"ids\":[7],\"id\":\"m1\"}")),
        ("accepted", answer("202 Accepted", "", "{\"ids\":[7],\"id\":\"m1\"}")),
        ("a part of it", answer("206 Partial", "", "{\"ids\":[7],\"id\":\"m1\"}")),
        ("500", answer("500 Oops", "", "{\"ids\":[7],\"id\":\"m1\"}")),
        ("502", answer("502 Oops", "Content-Type: text/html\r\n", "<h1>Bad gateway")),
        ("504", answer("504 Late", "Retry-After: 5\r\n", "")),
        ("520", answer("520 Unknown", "", "")),
        ("599", answer("599 Network", "", "")),
        ("999", answer("999 Denied", "", "")),
        ("408", answer("408 Timeout", "", "")),
    ]
}

/// No word of the recipient stands in an error, and no wait is longer than a day.
fn assert_discreet(label: &str, error: &SendError) {
    let told = error.to_string().to_lowercase();
    for word in ["durand", "inès", "ines", "3998", "39 98", "39.98"] {
        assert!(!told.contains(word), "{label}: {told}");
    }
    assert!(told.chars().count() < 300, "{label}: {told}");
    assert!(error.retry_after.is_none_or(|wait| wait <= Duration::from_hours(24)), "{label}");
}

/// The kind of an error that says nothing about anybody.
fn verdict<T>(label: &str, given: &Result<T, SendError>) -> Option<FailureKind> {
    let error = given.as_ref().err()?;
    assert_discreet(label, error);
    Some(error.kind)
}
