//! PromQL: what is read, refused, printed; and that promtool agrees.

mod corpus;
mod generator;
mod messages;
mod oracle;
mod properties;
