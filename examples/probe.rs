use integrate::model::*;
use integrate::source::{Filter, documents::*, openapi, tree::Tree};
fn main() -> anyhow::Result<()> {
    for path in std::env::args().skip(1) {
        let start = std::time::Instant::now();
        let bytes = std::fs::read(&path)?;
        let r = (|| -> anyhow::Result<Service> {
            let tree = Tree::parse(&path, &bytes)?;
            let docs = Documents::load(tree, &Place::File(std::path::Path::new(&path)))?;
            openapi::read(&docs, &Filter::default())
        })();
        match r {
            Err(e) => println!("ERR {e}"),
            Ok(s) => {
                let Surface::Operations(o) = &s.surface else { continue };
                println!(
                    "{path}: {} ops {} gen {} deg {} skip {} types, {:?}",
                    s.ledger.source,
                    s.ledger.count(Outcome::Generated),
                    s.ledger.count(Outcome::Degraded),
                    s.ledger.count(Outcome::Skipped),
                    s.types.len(),
                    start.elapsed()
                );
                if std::env::var("V").is_ok() {
                    for e in &s.ledger.entries {
                        if !e.reasons.is_empty() {
                            println!(
                                "  {} {:?} {:?}",
                                e.name,
                                e.outcome,
                                e.reasons
                                    .iter()
                                    .map(|r| format!("{} {}", r.place.rsplit('/').next().unwrap(), r.what))
                                    .collect::<Vec<_>>()
                            );
                        }
                    }
                    for o in &o.operations {
                        println!(
                            "  {} . {}  {} {} {:?} -> {}",
                            o.group,
                            o.name,
                            o.line(),
                            o.id,
                            o.pagination,
                            o.reply.content.as_ref().map_or("-".into(), |c| c.of.to_string())
                        );
                    }
                }
                if std::env::var("M").is_ok() {
                    println!("{}", serde_yaml::to_string(&s)?);
                }
            }
        }
    }
    Ok(())
}
