//! Artifacts are put in place all or nothing, and nothing of anybody else is touched.
#![cfg(unix)]

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use super::{bellwether, said};
use crate::support::root;
use crate::support::scratch::Scratch;

/// What is in a folder, by path: text of files, target of links, `folder` for empty folders.
fn snapshot(folder: &Path) -> BTreeMap<PathBuf, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(inner) = folders.pop() {
        let entries: Vec<_> = fs::read_dir(folder.join(&inner)).unwrap().map(|entry| entry.unwrap()).collect();
        if entries.is_empty() {
            found.insert(inner.clone(), "folder".to_owned());
        }
        for entry in entries {
            let (path, relative) = (entry.path(), inner.join(entry.file_name()));
            let kind = entry.file_type().unwrap();
            if kind.is_symlink() {
                found.insert(relative, format!("link to {}", fs::read_link(path).unwrap().display()));
            } else if kind.is_dir() {
                folders.push(relative);
            } else {
                found.insert(relative, fs::read_to_string(path).unwrap());
            }
        }
    }
    found
}

/// Two versions of the shop: the second has other files, and other words in some that both have.
fn shop() -> Scratch {
    let scratch = Scratch::new("publish");
    let text = fs::read_to_string(root().join("examples/shop.yaml")).unwrap();
    scratch.write("old.yaml", &text);
    let start = text.find("dashboards:").unwrap();
    let end = text.find("stack:").unwrap();
    let text = format!("{}{}", &text[..start], &text[end..]);
    scratch.write("new.yaml", &text.replace("  api:\n", "  front:\n").replace("for: 10m", "for: 20m"));
    scratch
}

fn build(scratch: &Scratch, spec: &str) -> Result<String, String> {
    let output = bellwether(scratch.path(), &["build", spec]).output().unwrap();
    if output.status.success() { Ok(said(&output)) } else { Err(said(&output)) }
}

/// What each version compiles to, in folders of their own.
fn versions(scratch: &Scratch) -> [BTreeMap<PathBuf, String>; 2] {
    ["old", "new"].map(|version| {
        let spec = format!("{version}.yaml");
        let output = bellwether(scratch.path(), &["build", &spec, "--out", version]).output().unwrap();
        assert!(output.status.success(), "{}", said(&output));
        snapshot(&scratch.join(format!("{version}/shop")))
    })
}

#[test]
fn stale_files_of_ours_go_and_foreign_files_stay_as_they_are() {
    let scratch = shop();
    let [old, new] = versions(&scratch);
    build(&scratch, "old.yaml").unwrap();
    assert_eq!(snapshot(&scratch.join("generated/shop")), old);
    let foreign = |path: &str| scratch.join("generated/shop").join(path);
    for path in ["NOTES.md", "prometheus/rules/own.yml", "own/deep/er/file.txt", "grafana/dashboards/own.json"] {
        fs::create_dir_all(foreign(path).parent().unwrap()).unwrap();
        fs::write(foreign(path), path).unwrap();
    }
    fs::create_dir_all(foreign("empty/folder")).unwrap();
    symlink("NOTES.md", foreign("link")).unwrap();
    symlink("nowhere", foreign("prometheus/broken")).unwrap();
    symlink(scratch.join("old"), foreign("linked-folder")).unwrap();
    fs::write(foreign("run.sh"), "run").unwrap();
    fs::set_permissions(foreign("run.sh"), fs::Permissions::from_mode(0o555)).unwrap();
    fs::set_permissions(foreign("NOTES.md"), fs::Permissions::from_mode(0o400)).unwrap();
    let mut added = snapshot(&scratch.join("generated/shop"));
    added.retain(|path, _| !old.contains_key(path));
    assert_eq!(added.len(), 9);
    for (spec, ours) in [("new.yaml", &new), ("old.yaml", &old), ("old.yaml", &old)] {
        build(&scratch, spec).unwrap();
        let mut expected = ours.clone();
        expected.extend(added.clone());
        assert_eq!(snapshot(&scratch.join("generated/shop")), expected);
        let mode = |path: &str| foreign(path).metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!((mode("run.sh"), mode("NOTES.md")), (0o555, 0o400));
        assert_eq!(fs::read_dir(scratch.join("generated")).unwrap().count(), 1, "nothing is left beside");
    }
}

#[test]
fn what_is_in_the_way_is_named_and_nothing_changes() {
    type Blocker = fn(&Path);
    let blockers: [(&str, Blocker); 5] = [
        ("prometheus/prometheus.yml", |path| fs::write(path, "mine").unwrap()),
        ("prometheus/prometheus.yml", |path| fs::create_dir(path).unwrap()),
        ("prometheus/prometheus.yml", |path| symlink("/nowhere", path).unwrap()),
        ("prometheus", |path| fs::write(path, "mine").unwrap()),
        ("prometheus", |path| symlink("/nowhere", path).unwrap()),
    ];
    for (path, block) in blockers {
        let scratch = shop();
        let blocked = scratch.join("generated/shop").join(path);
        fs::create_dir_all(blocked.parent().unwrap()).unwrap();
        block(&blocked);
        let before = snapshot(&scratch.join("generated"));
        let error = build(&scratch, "old.yaml").unwrap_err();
        assert!(error.contains(&format!("generated/shop/{path} is in the way")), "{error}");
        assert_eq!(snapshot(&scratch.join("generated")), before);
    }
}

#[test]
fn files_that_are_ours_by_their_words_are_taken_over() {
    let scratch = shop();
    build(&scratch, "old.yaml").unwrap();
    let before = snapshot(&scratch.join("generated"));
    fs::remove_file(scratch.join("generated/shop/.bellwether-manifest")).unwrap();
    build(&scratch, "old.yaml").unwrap();
    assert_eq!(snapshot(&scratch.join("generated")), before);
}

#[test]
fn a_manifest_that_was_tampered_with_reaches_nothing_outside() {
    let scratch = shop();
    let [_, new] = versions(&scratch);
    let precious = scratch.write("generated/precious.txt", "precious");
    build(&scratch, "old.yaml").unwrap();
    symlink(scratch.join("generated"), scratch.join("generated/shop/up")).unwrap();
    let manifest = scratch.join("generated/shop/.bellwether-manifest");
    let listed = fs::read_to_string(&manifest).unwrap();
    let absolute = precious.display();
    fs::write(&manifest, format!("{listed}../precious.txt\n{absolute}\nup/precious.txt\n./../precious.txt\n")).unwrap();
    build(&scratch, "new.yaml").unwrap();
    assert_eq!(fs::read_to_string(&precious).unwrap(), "precious");
    let mut left = snapshot(&scratch.join("generated/shop"));
    assert!(left.remove(Path::new("up")).is_some());
    assert_eq!(left, new);
}

#[test]
fn a_link_to_a_folder_stays_a_link() {
    let scratch = shop();
    let [old, new] = versions(&scratch);
    fs::create_dir_all(scratch.join("generated")).unwrap();
    fs::create_dir_all(scratch.join("elsewhere/real")).unwrap();
    symlink("../elsewhere/real", scratch.join("generated/shop")).unwrap();
    for (spec, expected) in [("old.yaml", &old), ("new.yaml", &new)] {
        build(&scratch, spec).unwrap();
        assert!(scratch.join("generated/shop").is_symlink());
        assert_eq!(snapshot(&scratch.join("elsewhere/real")), *expected);
    }
    fs::remove_dir_all(scratch.join("elsewhere")).unwrap();
    let error = build(&scratch, "old.yaml").unwrap_err();
    assert!(error.contains("a link to a folder that is not there"), "{error}");
    fs::remove_file(scratch.join("generated/shop")).unwrap();
    fs::write(scratch.join("generated/shop"), "a file").unwrap();
    let error = build(&scratch, "old.yaml").unwrap_err();
    assert!(error.contains("generated/shop is a file"), "{error}");
    assert_eq!(fs::read_to_string(scratch.join("generated/shop")).unwrap(), "a file");
}

#[test]
fn a_folder_that_may_not_be_written_is_a_clear_error() {
    let scratch = shop();
    let parent = scratch.join("generated");
    fs::create_dir(&parent).unwrap();
    fs::set_permissions(&parent, fs::Permissions::from_mode(0o555)).unwrap();
    // Root may write everywhere: then there is nothing to see.
    let may = fs::write(parent.join("probe"), "").is_ok();
    let outcome = build(&scratch, "old.yaml");
    fs::set_permissions(&parent, fs::Permissions::from_mode(0o755)).unwrap();
    if !may {
        let error = outcome.unwrap_err();
        assert!(error.contains("generated") && error.contains("ermission denied"), "{error}");
        assert_eq!(fs::read_dir(&parent).unwrap().count(), 0);
    }
}

#[test]
fn killed_at_any_moment_the_folder_is_old_or_new() {
    let scratch = shop();
    let foreign = (PathBuf::from("prometheus/rules/own.yml"), "mine".to_owned());
    let versions = versions(&scratch).map(|mut version| {
        version.insert(foreign.0.clone(), foreign.1.clone());
        version
    });
    build(&scratch, "old.yaml").unwrap();
    fs::write(scratch.join("generated/shop").join(&foreign.0), &foreign.1).unwrap();
    let beside = scratch.join("generated/.shop.bellwether-new");
    let (mut killed, mut left_over, mut replaced) = (0, 0, 0);
    // The dangerous time begins with the folder beside. How long it lasts depends on the machine: two builds show it.
    let shows = |child: &mut Child| {
        let started = Instant::now();
        while !beside.exists() && child.try_wait().unwrap().is_none() && started.elapsed() < Duration::from_secs(20) {
            std::thread::yield_now();
        }
    };
    let start = |next: &str| {
        bellwether(scratch.path(), &["build", next]).stderr(Stdio::null()).stdin(Stdio::null()).spawn().unwrap()
    };
    let whole = ["new.yaml", "old.yaml"].map(|next| {
        let mut child = start(next);
        shows(&mut child);
        let began = Instant::now();
        child.wait().unwrap();
        began.elapsed()
    });
    let whole = whole[0].min(whole[1]);
    for round in 0..150_u32 {
        let before = snapshot(&scratch.join("generated/shop"));
        let next = if before == versions[0] { "new.yaml" } else { "old.yaml" };
        let _ = fs::remove_dir_all(&beside);
        let mut child = start(next);
        shows(&mut child);
        // Moments of it in an order without a pattern, some of them after its end.
        std::thread::sleep(whole * ((round * 67) % 150) / 110);
        let _ = child.kill();
        killed += u32::from(!child.wait().unwrap().success());
        let after = snapshot(&scratch.join("generated/shop"));
        assert!(versions.contains(&after), "round {round}: neither old nor new: {:?}", after.keys());
        replaced += u32::from(after != before);
        left_over += u32::from(beside.exists());
    }
    let counts = format!("of 150: {killed} killed in time, {left_over} with leftovers, {replaced} replaced");
    assert!(killed > 10 && left_over > 5 && replaced > 5, "the moments were badly chosen, {counts}");
    build(&scratch, "old.yaml").unwrap();
    build(&scratch, "old.yaml").unwrap();
    assert_eq!(snapshot(&scratch.join("generated/shop")), versions[0]);
    assert_eq!(fs::read_dir(scratch.join("generated")).unwrap().count(), 1, "leftovers of the killed are gone");
}

#[test]
fn leftovers_go_even_if_nothing_changed() {
    let scratch = shop();
    build(&scratch, "old.yaml").unwrap();
    scratch.write("generated/.shop.bellwether-new/half", "half");
    build(&scratch, "old.yaml").unwrap();
    assert_eq!(fs::read_dir(scratch.join("generated")).unwrap().count(), 1);
}

#[test]
fn two_builds_at_once_take_turns() {
    let scratch = shop();
    let versions = versions(&scratch);
    for _ in 0..10 {
        let children = ["old.yaml", "new.yaml", "old.yaml", "new.yaml"].map(|spec| {
            let mut command = bellwether(scratch.path(), &["build", spec]);
            command.stderr(Stdio::piped()).spawn().unwrap()
        });
        for child in children {
            let output = child.wait_with_output().unwrap();
            assert!(output.status.success(), "{}", said(&output));
        }
        assert!(versions.contains(&snapshot(&scratch.join("generated/shop"))));
    }
}
