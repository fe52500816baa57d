//! Routes of files that nobody compiled: simulated as Alertmanager does, and nothing found where nothing is wrong.

mod amtool;
mod silent;
