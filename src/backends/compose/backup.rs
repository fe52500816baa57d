//! Backups: a container that asks Prometheus for a snapshot and packs what Grafana and Alertmanager keep.

use super::services::Specifics;
use super::tls;
use crate::conventions::ALERTMANAGER_ADDRESS;
use crate::model::{Backup, Platform};

/// Name of the container and of its profile.
pub(super) const BACKUP: &str = "backup";

/// What the container needs.
pub(super) fn specifics(platform: &Platform, backup: &Backup) -> Specifics {
    let mut volumes: Vec<String> =
        kept(platform).iter().map(|component| format!("{component}-data:/{component}")).collect();
    volumes.push(format!("{}:/backup", backup.to));
    let entrypoint = ["/bin/sh".to_owned(), "-c".to_owned(), script(platform, backup), BACKUP.to_owned()];
    let when_asked = backup.every.is_none();
    Specifics {
        entrypoint: entrypoint.into(),
        volumes,
        // The files are those of three users: they are read, put back and given back to their owners.
        cap_add: vec!["CHOWN", "DAC_OVERRIDE", "FOWNER"],
        profiles: if when_asked { vec![BACKUP] } else { Vec::new() },
        restart: when_asked.then_some("no"),
        ..Specifics::default()
    }
}

/// Components whose volumes are packed.
fn kept(platform: &Platform) -> Vec<&'static str> {
    let alertmanager = !(platform.channels.is_empty() && platform.severities.is_empty());
    let host = ALERTMANAGER_ADDRESS.split(':').next().unwrap_or_default();
    ["prometheus", "grafana"].into_iter().chain(alertmanager.then_some(host)).collect()
}

/// The shell script. Without an argument it backs up; `restore TIME` puts that backup in the place of what is there.
fn script(platform: &Platform, backup: &Backup) -> String {
    let unchecked = if tls::speaks(platform, "prometheus") { " --no-check-certificate" } else { "" };
    let kept = kept(platform);
    let others: Vec<&str> = kept.iter().copied().filter(|name| *name != "prometheus").collect();
    let then = match backup.every {
        Some(every) => format!("while :; do back_up; sleep {}; done", every.as_seconds()),
        None => "back_up".to_owned(),
    };
    SCRIPT
        .replace("{unchecked}", unchecked)
        .replace("{prometheus}", &tls::url(platform, "prometheus:9090"))
        .replace("{others}", &others.join(" "))
        .replace("{all}", &kept.join(" "))
        .replace("{first that goes}", &backup.keep.saturating_add(1).to_string())
        .replace("{then}", &then)
}

/// A database that changes while it is packed would be half old and half new: it is packed until it is twice the same.
const SCRIPT: &str = r#"set -eu
umask 077
back_up() {
  at=$(date -u +%Y%m%dT%H%M%SZ)
  answer=$(wget -q -O -{unchecked} --post-data= {prometheus}/api/v1/admin/tsdb/snapshot)
  name=$(echo "$answer" | sed -n 's/.*"name":"\([^"]*\)".*/\1/p')
  test -n "$name"
  tar -czf /backup/unfinished -C "/prometheus/snapshots/$name" .
  rm -r "/prometheus/snapshots/$name"
  mv /backup/unfinished "/backup/prometheus-$at.tar.gz"
  for what in {others}; do
    tries=0
    until tar -cf /backup/unfinished -C "/$what" . && tar -cf /backup/again -C "/$what" . &&
      cmp -s /backup/unfinished /backup/again; do
      tries=$((tries + 1))
      test "$tries" -lt 20
      sleep 1
    done
    gzip -c /backup/unfinished > /backup/again
    rm /backup/unfinished
    mv /backup/again "/backup/$what-$at.tar.gz"
  done
  for what in {all}; do
    ls -1 /backup/"$what"-*.tar.gz | sort -r | tail -n +{first that goes} | xargs -r rm --
  done
  echo "backed up $at"
}
restore() {
  for what in {all}; do
    test -f "/backup/$what-$1.tar.gz"
  done
  for what in {all}; do
    find "/$what" -mindepth 1 -maxdepth 1 -exec rm -rf {} +
    tar -xzf "/backup/$what-$1.tar.gz" -C "/$what"
  done
  echo "restored $1"
}
if test "${1:-}" = restore; then
  restore "$2"
else
  {then}
fi
"#;
