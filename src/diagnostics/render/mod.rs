//! What messages look like, to people and to machines. Pure: text in, text out.

pub mod github;
pub mod human;
pub mod json;
pub mod sarif;

pub use human::Look;
