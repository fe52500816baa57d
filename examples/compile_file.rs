//! scratch
fn main() {
    let path = std::env::args().nth(1).unwrap();
    let world = bellwether::Memory::new().with("spec.yaml", std::fs::read(path).unwrap());
    let done = bellwether::compile(&world, "spec.yaml", &bellwether::Options { environment: std::env::args().nth(2) });
    for d in done.diagnostics.iter() {
        let place = d.span.map(|s| bellwether::diagnostics::place(&done.sources, s)).unwrap_or_default();
        println!(
            "{} {}[{}] {} | {} {}",
            place,
            d.severity.name(),
            d.code.name,
            d.message,
            d.help.as_deref().unwrap_or(""),
            d.note.as_deref().unwrap_or("")
        );
    }
    if let Some(a) = done.artifacts() {
        for (p, t) in a.iter() {
            println!("{p} {}", t.len());
            if let Some(out) = std::env::args().nth(3) {
                let f = std::path::Path::new(&out).join(p);
                std::fs::create_dir_all(f.parent().unwrap()).unwrap();
                std::fs::write(f, t).unwrap();
            }
        }
    }
}
