//! Shows what a change to a spec means for the files, in memory: `cargo run --example what_changes`.

use bellwether::artifacts::Artifacts;
use bellwether::{Memory, Options, compile, diff};

const BEFORE: &str = "
bellwether: 1
platform: shop
channels: {chat: {webhook: {url: https://chat.example.com}}}
severities: {warning: {notify: [chat]}}
services:
  api:
    packs: [http]
    scrape: {port: 8000}
    thresholds:
      ApiFails: {signal: error_ratio, above: 5%, for: 5m, severity: warning}
";

fn artifacts(spec: &str) -> Artifacts {
    let world = Memory::new().with("shop.yaml", spec);
    compile(&world, "shop.yaml", &Options::default()).artifacts().unwrap_or_default()
}

fn main() {
    let after = BEFORE.replace("above: 5%", "above: 10%");
    for change in diff::diff(&artifacts(BEFORE), &artifacts(&after)) {
        println!("{}", change.unified);
    }
}
