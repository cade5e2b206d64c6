//! `LibreOffice`, where it is installed: it makes PDFs of the texts of word processors. Its settings keep it from what a text
//! links to and from running what it brings, and it works in a folder that goes with the text.

use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;

use super::unfit::UnfitDocument;
use crate::installed;
use crate::private_file;

/// What it is called, in the folders where programs lie.
const PROGRAMS: [&str; 2] = ["soffice", "libreoffice"];
/// How long one text may take: the first one of a machine takes a few seconds.
const TIME_LIMIT: Duration = Duration::from_mins(2);
/// The address space that it may use, in kibibytes.
const MEMORY_LIMIT: u64 = 4 * 1024 * 1024;
/// No macro runs; what a text links to, which would be fetched from wherever that lies, is left alone.
const SETTINGS: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
</oor:items>
"#;

/// The program, where this machine has it.
pub fn installed() -> Option<PathBuf> {
    installed::program(&PROGRAMS)
}

/// What becomes of a text.
#[derive(Debug, thiserror::Error)]
pub enum WordProcessorError {
    /// It cannot be made a PDF.
    #[error("{0}")]
    Unfit(#[from] UnfitDocument),
    /// The program could not be run.
    #[error("LibreOffice cannot be run: {0}")]
    Run(#[from] io::Error),
}

/// Makes a PDF of a text; it lies in `room`, an empty folder that is this text's alone.
pub async fn to_pdf(
    program: &Path,
    text: &Path,
    room: &Path,
) -> Result<PathBuf, WordProcessorError> {
    let room = &room.canonicalize()?;
    let profile = room.join("profile");
    std::fs::create_dir_all(profile.join("user"))?;
    private_file::write(&profile.join("user/registrymodifications.xcu"), SETTINGS.as_bytes())?;
    // What it is called where it came from is nothing for a command line.
    let source = room.join("text");
    std::fs::copy(text, &source)?;
    let address = address(&profile);
    let mut command = Command::new("/bin/sh");
    command
        .args(["-c", &format!("ulimit -v {MEMORY_LIMIT}; exec \"$0\" \"$@\"")])
        .arg(program)
        .arg(format!("-env:UserInstallation={address}"))
        .args(["-headless", "-norestore", "-nolockcheck", "-convert-to", "pdf:writer_pdf_Export"])
        .arg("-outdir")
        .args([room, &source])
        .env_clear()
        .envs(std::env::var_os("PATH").map(|path| ("PATH", path)))
        .env("HOME", room)
        .env("TMPDIR", room)
        .env("LC_ALL", "C.UTF-8")
        .current_dir(room)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0);
    let mut child = command.spawn()?;
    let group = StartedGroup(child.id());
    let ended = tokio::time::timeout(TIME_LIMIT, child.wait()).await;
    drop(group);
    if ended.is_err() {
        return Err(UnfitDocument::Deadly.into());
    }
    // It ends well also where it could not load a text: only the file tells.
    let pdf = source.with_extension("pdf");
    if pdf.is_file() { Ok(pdf) } else { Err(UnfitDocument::NotConverted.into()) }
}

/// The address of a folder (RFC 8089).
fn address(folder: &Path) -> String {
    let mut address = "file://".to_owned();
    for octet in folder.as_os_str().as_encoded_bytes() {
        match octet {
            b'/' | b'-' | b'_' | b'.' => address.push(char::from(*octet)),
            octet if octet.is_ascii_alphanumeric() => address.push(char::from(*octet)),
            octet => {
                // Writing to a String cannot fail.
                let _ = write!(address, "%{octet:02X}");
            }
        }
    }
    address
}

/// All that the program starts goes with it.
struct StartedGroup(Option<u32>);

impl Drop for StartedGroup {
    fn drop(&mut self) {
        if let Some(id) = self.0.and_then(|id| i32::try_from(id).ok())
            && let Some(group) = rustix::process::Pid::from_raw(id)
        {
            // Where all of it has ended there is nobody to tell.
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_of_any_name_has_an_address() {
        assert_eq!(address(Path::new("/tmp/a-b_c.d")), "file:///tmp/a-b_c.d");
        assert_eq!(address(Path::new("/srv/Collège 1")), "file:///srv/Coll%C3%A8ge%201");
    }
}
