//! What stands in the database: no password, no token, no code, and nothing of what was mistyped as a login.

use chappe::office;

use super::*;

#[tokio::test]
async fn no_secret_stands_in_the_database_nor_in_a_log() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("chappe.sqlite3");
    let school = school_on(Store::open(&path).unwrap(), folder.path());
    let sylvie = account(&school, "sylvie").await;
    let token = try_in(&school, "sylvie", PASSWORD, HERE).await.unwrap();
    let link = office::make_link(&school, here(), sylvie.id).await.unwrap();
    let code = office::reset_code(&school, here(), sylvie.id).await.unwrap();
    // Somebody types their password where the login belongs.
    try_in(&school, OTHER, "", HERE).await.unwrap_err();
    let session = office::session(&school, token.expose()).await.unwrap().unwrap();
    let told = format!("{session:?} {token:?} {code:?} {link:?} {:?}", secret(PASSWORD));
    drop(school);
    let mut bytes = told.into_bytes();
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            bytes.extend(std::fs::read(path).unwrap());
        }
    }
    let binary = |hex_digits: &str| hex::decode(hex_digits).unwrap();
    let (code, plain) = (code.expose(), code.expose().replace('-', ""));
    let texts = [PASSWORD, OTHER, token.expose(), link.expose(), &code, &plain, &session.csrf];
    let secrets = texts.map(|text| text.as_bytes().to_vec()).into_iter();
    for secret in secrets.chain([binary(token.expose()), binary(link.expose())]) {
        let stands = bytes.windows(secret.len()).any(|window| window == secret);
        assert!(!stands, "{}", String::from_utf8_lossy(&secret));
    }
    let known = b"sylvie";
    assert!(bytes.windows(known.len()).any(|window| window == known), "the check can fail");
}
