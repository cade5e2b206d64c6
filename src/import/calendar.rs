//! Calendars (iCalendar, RFC 5545): their events and tasks, line by line. Whatever is nested deeper, as alarms and zones
//! are, is passed over.

use icalendar::parser::{ParseString, Property};
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;

use super::diary_week::{BadDiary, DiaryFault, MOST_DIARY_LINES};
use super::refused::Reason;
use crate::plain_text::cleaned;

/// Bytes of one line, unfolded.
const LONGEST_LINE: usize = 64 * 1024;
/// What Windows, and so Outlook, calls the zones of French schools (Unicode CLDR, `windowsZones.xml`).
const WINDOWS_ZONES: [(&str, &str); 5] = [
    ("Romance Standard Time", "Europe/Paris"),
    ("SA Western Standard Time", "America/Guadeloupe"),
    ("SA Eastern Standard Time", "America/Cayenne"),
    ("Mauritius Standard Time", "Indian/Reunion"),
    ("E. Africa Standard Time", "Indian/Mayotte"),
];

/// An event, or a task.
#[derive(Default)]
pub(super) struct CalendarItem {
    /// The line on which it begins, counted from 1.
    pub(super) line: u64,
    /// Whether it is a task (VTODO).
    pub(super) is_task: bool,
    pub(super) summary: String,
    pub(super) description: String,
    /// Each of them.
    pub(super) categories: Vec<String>,
    /// When it begins, by the clocks of the school; the hour is missing where it lasts the whole day.
    pub(super) start: Option<(Date, Option<Time>)>,
    /// By when a task is due.
    pub(super) due: Option<(Date, Option<Time>)>,
    pub(super) is_cancelled: bool,
}

/// The events and tasks of a calendar.
pub(super) fn items(bytes: &[u8], zone: &TimeZone) -> Result<Vec<CalendarItem>, BadDiary> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let mut items = Vec::new();
    let mut open: Option<CalendarItem> = None;
    let mut deeper = 0_usize;
    for (number, line) in unfolded(bytes)? {
        let unread = |_| BadDiary::unreadable(Some(number), Reason::UntoldEncoding);
        let line = String::from_utf8(line).map_err(unread)?;
        let (begins, ends) = (after(&line, "BEGIN:"), after(&line, "END:"));
        match (&mut open, begins, ends) {
            (None, Some(name), _) if is_item(name) => {
                let is_task = name.eq_ignore_ascii_case("VTODO");
                open = Some(CalendarItem { line: number, is_task, ..CalendarItem::default() });
            }
            (Some(_), Some(_), _) => deeper += 1,
            (Some(_), _, Some(_)) if deeper > 0 => deeper -= 1,
            (Some(_), _, Some(_)) => items.extend(open.take()),
            (Some(item), None, None) if deeper == 0 => {
                item.take(&line, zone).map_err(|what| BadDiary::at(number, what))?;
            }
            _ => {}
        }
        if items.len() > MOST_DIARY_LINES {
            return Err(BadDiary::whole(DiaryFault::TooLong));
        }
    }
    match open {
        Some(cut_off) => Err(BadDiary::unreadable(Some(cut_off.line), Reason::Truncated)),
        None => Ok(items),
    }
}

fn is_item(name: &str) -> bool {
    ["VEVENT", "VTODO"].into_iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// What follows a word at the beginning of a line.
fn after<'a>(line: &'a str, word: &str) -> Option<&'a str> {
    let (begins, rest) = line.split_at_checked(word.len())?;
    begins.eq_ignore_ascii_case(word).then(|| rest.trim())
}

/// The lines as they were before they were folded, each with its number: a fold may part the octets of a letter.
fn unfolded(bytes: &[u8]) -> Result<Vec<(u64, Vec<u8>)>, BadDiary> {
    let mut lines: Vec<(u64, Vec<u8>)> = Vec::new();
    for (number, line) in (1..).zip(bytes.split(|byte| *byte == b'\n')) {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        match (line.split_first(), lines.last_mut()) {
            (None, _) => {}
            (Some((b' ' | b'\t', rest)), Some((_, before))) => {
                if before.len() + rest.len() > LONGEST_LINE {
                    return Err(BadDiary::at(number, DiaryFault::LongText));
                }
                before.extend_from_slice(rest);
            }
            _ if line.len() > LONGEST_LINE => {
                return Err(BadDiary::at(number, DiaryFault::LongText));
            }
            _ => lines.push((number, line.to_vec())),
        }
    }
    Ok(lines)
}

impl CalendarItem {
    /// One of its lines. What cannot be read as one says nothing that is printed.
    fn take(&mut self, line: &str, zone: &TimeZone) -> Result<(), DiaryFault> {
        let Ok(property) = Property::try_from(line) else { return Ok(()) };
        let value = property.val.as_str();
        match property.name.as_str().to_ascii_uppercase().as_str() {
            "SUMMARY" => self.summary = cleaned(value).into_owned(),
            "DESCRIPTION" => self.description = cleaned(value).into_owned(),
            "CATEGORIES" => self.categories.extend(value.split(',').map(|it| it.trim().to_owned())),
            "DTSTART" => self.start = Some(moment(&property, zone)?),
            "DUE" => self.due = Some(moment(&property, zone)?),
            "STATUS" => self.is_cancelled = value.eq_ignore_ascii_case("CANCELLED"),
            "RRULE" | "RDATE" => return Err(DiaryFault::Repeats),
            _ => {}
        }
        Ok(())
    }
}

/// `20270118`, `20270118T081500Z`, `20270118T091500` in the zone that is named, or in the school's.
fn moment(property: &Property<'_>, zone: &TimeZone) -> Result<(Date, Option<Time>), DiaryFault> {
    let value = property.val.as_str().trim();
    let bad = |_| DiaryFault::BadDate;
    if !value.contains('T') {
        return Ok((value.parse().map_err(bad)?, None));
    }
    let (at, is_utc) = value.strip_suffix('Z').map_or((value, false), |at| (at, true));
    let said = property.params.iter().find(|it| it.key.as_str().eq_ignore_ascii_case("TZID"));
    let said = said.and_then(|it| it.val.as_ref()).map(ParseString::as_str);
    let own = match said {
        _ if is_utc => TimeZone::UTC,
        None => zone.clone(),
        Some(name) => zone_of(name).ok_or(DiaryFault::UnknownZone)?,
    };
    let at = at.parse::<DateTime>().and_then(|at| at.to_zoned(own)).map_err(bad)?;
    let here = at.with_time_zone(zone.clone()).datetime();
    Ok((here.date(), Some(here.time())))
}

/// A zone by its name; some programs put their own before it: `/example.org/Europe/Paris`.
fn zone_of(name: &str) -> Option<TimeZone> {
    let windows = WINDOWS_ZONES.into_iter().find(|(windows, _)| *windows == name);
    let name = windows.map_or(name, |(_, name)| name);
    let last = || name.rmatch_indices('/').nth(1).and_then(|(at, _)| name.get(at + 1..));
    TimeZone::get(name).ok().or_else(|| TimeZone::get(last()?).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(inside: &str) -> Result<Vec<CalendarItem>, BadDiary> {
        let text = format!("BEGIN:VCALENDAR\r\n{inside}\r\nEND:VCALENDAR\r\n");
        items(text.as_bytes(), &TimeZone::get("Europe/Paris").unwrap())
    }

    #[test]
    fn a_moment_is_told_by_the_clocks_of_the_school() {
        let zone = "BEGIN:VTIMEZONE\r\nTZID:X\r\nBEGIN:STANDARD\r\nDTSTART:16010101T030000\r\n\
                    RRULE:FREQ=YEARLY\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n";
        for (start, seen) in [
            ("DTSTART:20270118T081500Z", "2027-01-18T09:15"),
            ("DTSTART:20270618T081500Z", "2027-06-18T10:15"),
            ("DTSTART;TZID=Europe/Paris:20270118T091500", "2027-01-18T09:15"),
            ("DTSTART;TZID=\"/example.org/Europe/Paris\":20270118T091500", "2027-01-18T09:15"),
            ("DTSTART;TZID=Romance Standard Time:20270118T091500", "2027-01-18T09:15"),
            ("DTSTART;TZID=Indian/Reunion:20270118T121500", "2027-01-18T09:15"),
            ("DTSTART:20270118T091500", "2027-01-18T09:15"),
            ("DTSTART:20270118T233000Z", "2027-01-19T00:30"),
        ] {
            let all = read(&format!("{zone}BEGIN:VEVENT\r\n{start}\r\nEND:VEVENT")).unwrap();
            let (day, hour) = all[0].start.unwrap();
            assert_eq!(day.to_datetime(hour.unwrap()), seen.parse().unwrap(), "{start}");
        }
        let all = read("BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20270118\r\nEND:VEVENT").unwrap();
        assert_eq!(all[0].start, Some((jiff::civil::date(2027, 1, 18), None)));
    }

    #[test]
    fn lines_are_unfolded_and_their_escapes_undone_and_alarms_are_passed_over() {
        let folded = "BEGIN:VEVENT\r\nSUMMARY;LANGUAGE=fr:MATHEMATI\r\n QUES\r\n\
                      DESCRIPTION:ligne 1\\nligne 2\\, et \\; fin : é\r\nBEGIN:VALARM\r\n\
                      DESCRIPTION:sonne\r\nEND:VALARM\r\nCATEGORIES:Cours,Devoirs\r\nEND:VEVENT";
        // A fold between the two octets of an é.
        let text = format!("BEGIN:VCALENDAR\n{folded}\nEND:VCALENDAR\n");
        let at = text.find('é').unwrap() + 1;
        let bytes = [&text.as_bytes()[..at], b"\r\n ", &text.as_bytes()[at..]].concat();
        let all = items(&bytes, &TimeZone::UTC).unwrap();
        assert_eq!(all[0].summary, "MATHEMATIQUES");
        assert_eq!(all[0].description, "ligne 1\nligne 2, et ; fin : é");
        assert_eq!(all[0].categories, ["Cours", "Devoirs"]);
    }

    #[test]
    fn what_cannot_be_read_is_refused_with_its_line() {
        for (line, fault) in [
            ("DTSTART:20270231", DiaryFault::BadDate),
            ("DTSTART:bientôt", DiaryFault::BadDate),
            ("DTSTART;TZID=Mars/Olympus:20270118T091500", DiaryFault::UnknownZone),
            ("RRULE:FREQ=WEEKLY", DiaryFault::Repeats),
        ] {
            let bad = read(&format!("BEGIN:VEVENT\r\n{line}\r\nEND:VEVENT")).err().unwrap();
            assert_eq!(bad, BadDiary::at(3, fault));
        }
        let bad =
            items(b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:x\n", &TimeZone::UTC).err().unwrap();
        assert_eq!(bad, BadDiary::unreadable(Some(2), Reason::Truncated));
        // So deep that whoever follows it by calling itself would end with it.
        let deep = "BEGIN:A\n".repeat(100_000);
        assert!(items(format!("BEGIN:VEVENT\n{deep}").as_bytes(), &TimeZone::UTC).is_err());
    }
}
