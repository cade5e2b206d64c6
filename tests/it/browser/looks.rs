//! How a page looks: its width, its colours, pictures of it, itself on paper.

use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::Browser;

/// A small telephone, a common one, a desk at 200 %, a desk.
const WIDTHS: [u32; 4] = [320, 390, 640, 1280];
/// A screen of the widest kind (4K, not enlarged).
const WIDEST: u32 = 3840;
/// Signs of a line beyond which the eye loses the next one.
const MOST_SIGNS: u32 = 80;
/// As high as a desk's window.
const HEIGHT: u32 = 800;
/// Narrower windows are telephones', where the page's own `viewport` decides.
const TELEPHONE: u32 = 640;

/// What stands beyond the edge; a part that scrolls by itself may hold more than it shows.
const BEYOND: &str = "
    const scrolls = e => e && e !== document.body && e !== document.documentElement
        && (['auto', 'scroll', 'hidden', 'clip'].includes(getComputedStyle(e).overflowX) || scrolls(e.parentElement));
    const beyond = [...document.body.querySelectorAll('*')].filter(e =>
        e.getBoundingClientRect().right > arguments[0] + 0.5 && !scrolls(e.parentElement));
    return {
        needed: document.documentElement.scrollWidth,
        beyond: beyond.slice(0, 5).map(e => e.tagName.toLowerCase() + (e.id && '#' + e.id) + ' « '
            + e.textContent.trim().slice(0, 40) + ' »'),
    };";

/// Paragraphs of several lines, each with the signs of a line.
const LINES: &str = "
    const flows = e => [...e.children].every(c => getComputedStyle(c).display.startsWith('inline') && flows(c));
    const text = [...document.querySelectorAll('main p, main li, main dd')].filter(e =>
        e.getClientRects().length && flows(e));
    return text.map(e => {
        const style = getComputedStyle(e);
        const inner = e.clientHeight - parseFloat(style.paddingTop) - parseFloat(style.paddingBottom);
        const height = parseFloat(style.lineHeight) || parseFloat(style.fontSize) * 1.2;
        // The last line may be short.
        return { said: e.textContent.trim(), lines: Math.round(inner / height) };
    }).filter(({ said, lines }) => lines > 1 && said.length / lines > arguments[0])
        .map(({ said, lines }) => said.length + ' signs on ' + lines + ': ' + said.slice(0, 40));";

impl Browser {
    /// The window, in CSS pixels.
    pub(crate) async fn size(&self, width: u32, height: u32) {
        let params = json!({
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < TELEPHONE,
        });
        self.session.develop("Emulation.setDeviceMetricsOverride", params).await;
    }

    /// Whether the person prefers light signs on a dark page.
    pub(crate) async fn dark(&self, is_dark: bool) {
        let value = if is_dark { "dark" } else { "light" };
        let features = json!([{ "name": "prefers-color-scheme", "value": value }]);
        self.session.develop("Emulation.setEmulatedMedia", json!({ "features": features })).await;
    }

    /// The widths at which one would have to scroll sideways, each with what stands beyond the edge.
    pub(crate) async fn too_wide(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        for width in WIDTHS {
            self.size(width, HEIGHT).await;
            let found = self.session.run(BEYOND, &[json!(width)]).await;
            if found["needed"].as_u64() > Some(u64::from(width)) {
                wrong.push(format!("{width}: {} needed: {}", found["needed"], found["beyond"]));
            }
        }
        self.size(WIDTHS[3], HEIGHT).await;
        wrong
    }

    /// The paragraphs whose lines are too long to be read, at a desk and on the widest screen.
    pub(crate) async fn lines_too_long(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        for width in [WIDTHS[3], WIDEST] {
            self.size(width, HEIGHT).await;
            let found = self.session.run(LINES, &[json!(MOST_SIGNS)]).await;
            let found = found.as_array().unwrap().iter();
            wrong.extend(found.map(|it| format!("{width}: {it}")));
        }
        self.size(WIDTHS[3], HEIGHT).await;
        wrong
    }

    /// A picture of the whole page, for people to look at: into the folder that `CHAPPE_PICTURES` names,
    /// otherwise nowhere.
    pub(crate) async fn picture(&self, name: &str) {
        if let Some(folder) = std::env::var_os("CHAPPE_PICTURES") {
            self.draw(&Path::new(&folder).join(name).with_extension("png")).await;
        }
    }

    /// Pictures of it on a telephone and at a desk, in light and in dark.
    pub(crate) async fn pictures(&self, name: &str) {
        for (is_dark, look) in [(true, "dark"), (false, "light")] {
            self.dark(is_dark).await;
            for width in [WIDTHS[1], WIDTHS[3]] {
                self.size(width, HEIGHT).await;
                self.picture(&format!("{name}-{look}-{width}")).await;
            }
        }
    }

    pub(super) async fn draw(&self, file: &Path) {
        let params = json!({ "format": "png", "captureBeyondViewport": true });
        let drawn = self.session.develop("Page.captureScreenshot", params).await;
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, decoded(&drawn["data"])).unwrap();
    }

    /// The page on paper: a PDF.
    pub(crate) async fn print(&self) -> Vec<u8> {
        decoded(&self.session.ask("print", json!({})).await.unwrap())
    }
}

fn decoded(base64: &Value) -> Vec<u8> {
    STANDARD.decode(base64.as_str().unwrap()).unwrap()
}
