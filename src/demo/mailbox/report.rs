//! What a mail server writes of a mail that nobody is there for (RFC 3464), in Postfix's words.

use super::undelivered::Undelivered;

/// The report of a mail, of which this is the so-manyeth.
pub(super) fn of(mail: &Undelivered, number: usize) -> String {
    let Undelivered { return_path, to, octets, .. } = mail;
    let text = String::from_utf8_lossy(octets);
    let headers = text.split_once("\r\n\r\n").map_or(&*text, |(headers, _)| headers);
    // Seconds ago.
    let date = headers.lines().find_map(|line| line.strip_prefix("Date: ")).unwrap_or_default();
    let envelope_id = mail.envelope_id.as_ref();
    let envelope_id =
        envelope_id.map(|it| format!("Original-Envelope-Id: {it}\n")).unwrap_or_default();
    let boundary = format!("{number:08X}.1/stand-in.example.org");
    let report = format!(
        "Date: {date}
From: Mail Delivery System <MAILER-DAEMON@stand-in.example.org>
Subject: Undelivered Mail Returned to Sender
To: {return_path}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary=\"{boundary}\"
Content-Transfer-Encoding: 8bit
Message-Id: <{number:08X}@stand-in.example.org>

This is a MIME-encapsulated message.

--{boundary}
Content-Description: Notification
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

This is the mail system at host stand-in.example.org.

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients. It's attached below.

                   The mail system

<{to}>: host mx.example.org[127.0.0.1] said: 550 5.1.1
    <{to}>: Recipient address rejected: User unknown (in reply to
    RCPT TO command)

--{boundary}
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; stand-in.example.org
{envelope_id}X-Postfix-Queue-ID: {number:08X}
X-Postfix-Sender: rfc822; {return_path}
Arrival-Date: {date}

Final-Recipient: rfc822; {to}
Original-Recipient: rfc822;{to}
Action: failed
Status: 5.1.1
Remote-MTA: dns; mx.example.org
Diagnostic-Code: smtp; 550 5.1.1 <{to}>: Recipient address rejected: User
    unknown

--{boundary}
Content-Description: Undelivered Message Headers
Content-Type: text/rfc822-headers
Content-Transfer-Encoding: 8bit

"
    );
    let (before, end) = (report.replace('\n', "\r\n"), format!("\r\n\r\n--{boundary}--\r\n"));
    format!("{before}Return-Path: <{return_path}>\r\n{headers}{end}")
}
