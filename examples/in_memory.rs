//! Compiles a spec that never touches a disk: `cargo run --example in_memory`.

use bellwether::diagnostics::render::{Look, human};
use bellwether::{Memory, Options, compile, lint};

const SPEC: &str = "
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

fn main() {
    let world = Memory::new().with("shop.yaml", SPEC);
    let mut compilation = compile(&world, "shop.yaml", &Options::default());
    lint::run(&mut compilation);
    print!("{}", human::render(&compilation.diagnostics, &compilation.sources, Look::default()));
    for (path, text) in compilation.artifacts().unwrap_or_default().iter() {
        println!("{path}: {} lines", text.lines().count());
    }
}
