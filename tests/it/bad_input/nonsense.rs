//! Services that answer nonsense: nothing crashes, they are left alone, everybody climbs to paper.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};

use chappe::people::Person;

use crate::commands::office::{Office, small_school};

/// A service that greets every connection in its own way. It ends with the test's process.
fn service(greet: impl Fn(TcpStream) + Send + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || listener.incoming().flatten().for_each(greet));
    address
}

/// Where JSON is due: a page.
fn page(mut stream: TcpStream) {
    let mut request = [0; 4_096];
    let _ = stream.read(&mut request);
    let body = "<html><body>Maintenance en cours</body></html>";
    let length = body.len();
    let head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close";
    let _ = write!(stream, "{head}\r\nContent-Length: {length}\r\n\r\n{body}");
}

/// Where SMTP is due: noise.
fn noise(mut stream: TcpStream) {
    let noise: Vec<u8> = (0..512).map(|_| fastrand::u8(..)).collect();
    let _ = stream.write_all(&noise);
}

fn providers(ent: SocketAddr, relay: SocketAddr, sms: SocketAddr) -> String {
    format!(
        r#"
[providers.ent.edifice]
url = "http://{ent}"
client_id = "chappe"
client_secret = {{ file = "secret" }}
grant = {{ kind = "client_credentials" }}

[providers.relay.smtp]
host = "127.0.0.1"
port = {}
security = "none"
from = "secretariat@example.org"

[providers.sms.ovh]
endpoint = "http://{sms}/1.0"
service = "sms-ab12345-1"
application_key = "key"
application_secret = {{ file = "secret" }}
consumer_key = {{ file = "secret" }}
"#,
        relay.port()
    )
}

/// Everybody has an address, so that paper can take everybody.
fn at_home(person: &mut Person, like: &Person) {
    if person.postal_address.is_none() {
        person.postal_address.clone_from(&like.postal_address);
    }
}

#[test]
fn nonsense_from_every_service_ends_on_paper_without_a_crash() {
    let office = Office::with_providers(&providers(service(page), service(noise), service(page)));
    office.write("secret", "secret");
    let mut school = small_school();
    let like = school.guardians[0].clone();
    school.guardians.iter_mut().for_each(|person| at_home(person, &like));
    office.import(&school);

    let doctor = office.run(["doctor"]);
    for name in ["ent (ent)", "relay (email)", "sms (sms)"] {
        assert!(doctor.out.contains(&format!("FAIL {name}: ")), "{doctor:?}");
    }
    doctor.failed();

    let daemon = office.serve();
    let code = office.send_to("familles");
    let status = office.watched(&code);
    let all = &status["addressees"];
    assert!(all["total"].as_u64() > Some(50), "{status}");
    assert_eq!(all["on_letter"], all["total"], "{status}");
    for channel in ["email", "sms"] {
        assert_eq!(status["channels"][channel]["sent"], 0, "{status}");
    }
    let told = office.run(["status", &code]).done();
    for name in ["relay (email) is ", "sms (sms) is "] {
        assert!(told.contains(name), "the breaker admits: {told}");
    }
    assert!(daemon.get("/readyz").contains("200 OK"));
    assert_eq!(daemon.interrupt().0, Some(0));
}
