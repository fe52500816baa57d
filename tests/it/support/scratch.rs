//! Temporary folders, and copies of generated trees in them.

use super::files_below;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// A folder that is removed when it goes out of scope.
#[derive(Debug)]
pub(crate) struct Scratch {
    path: PathBuf,
}

static NEXT: AtomicU32 = AtomicU32::new(0);

impl Scratch {
    /// An empty folder. The name is short: the path of a socket has a limit of 108 bytes.
    pub(crate) fn new(name: &str) -> Self {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("bw-{}-{number}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self { path }
    }

    /// A copy of a platform's artifacts that tools outside a container accept: every file that stands
    /// below `/run/secrets/` there is created here, with `secret` in it, and referred to here.
    pub(crate) fn copy_of(platform: &Path) -> Self {
        let scratch = Self::new("copy");
        let secrets = scratch.path.join("secrets");
        std::fs::create_dir_all(&secrets).unwrap();
        for file in files_below(platform) {
            let target = scratch.path.join(file.strip_prefix(platform).unwrap());
            std::fs::create_dir_all(target.parent().unwrap()).unwrap();
            let Ok(text) = std::fs::read_to_string(&file) else {
                std::fs::copy(&file, &target).unwrap();
                continue;
            };
            for name in text.split("/run/secrets/").skip(1) {
                let end =
                    name.find(|character: char| !(character.is_ascii_alphanumeric() || "._-".contains(character)));
                std::fs::write(secrets.join(&name[..end.unwrap_or(name.len())]), "secret").unwrap();
            }
            std::fs::write(&target, text.replace("/run/secrets/", &format!("{}/", secrets.display()))).unwrap();
        }
        scratch
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn join(&self, relative: impl AsRef<Path>) -> PathBuf {
        self.path.join(relative)
    }

    /// Puts addresses that work here in place of those inside the stack, in every file.
    pub(crate) fn redirect(&self, addresses: &[(&str, u16)]) {
        for file in files_below(&self.path) {
            let Ok(text) = std::fs::read_to_string(&file) else { continue };
            let redirected = addresses
                .iter()
                .fold(text.clone(), |text, (from, port)| text.replace(from, &format!("127.0.0.1:{port}")));
            if redirected != text {
                std::fs::write(&file, redirected).unwrap();
            }
        }
    }

    /// Writes a file, with the folders above it.
    pub(crate) fn write(&self, relative: &str, text: &str) -> PathBuf {
        let path = self.path.join(relative);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.path);
    }
}
