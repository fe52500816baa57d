//! docker compose reads the stack; nothing is started.

use super::{all, judge};
use crate::support::{scratch::Scratch, tools};
use std::path::Path;

#[test]
fn docker_compose_accepts_the_stack() {
    judge(
        &["docker-compose"],
        compose,
        &[
            ("docker-compose.yml", "restart:", "restrat:", "restrat"),
            ("docker-compose.yml", "127.0.0.1:9090:9090", "127.0.0.1:9090:web", "web"),
            ("docker-compose.yml", "service_healthy", "service_well", "depends_on.prometheus.condition"),
            ("docker-compose.yml", "- api_password", "- api_key", "api_key"),
            ("docker-compose.yml", "prometheus:\n        condition", "prometeus:\n        condition", "prometeus"),
            (".env.example", "REGION=", "REGON=", "set it in .env"),
        ],
    );
}

fn compose(platform: &Path) -> Result<(), String> {
    let copy = Scratch::copy_of(platform);
    if !copy.join("docker-compose.yml").is_file() {
        return Ok(());
    }
    all(tools::versions("docker-compose").iter().map(|tool| {
        let mut command = tool.command();
        command.current_dir(copy.path()).args(["--file", "docker-compose.yml"]);
        if copy.join(".env.example").is_file() {
            command.args(["--env-file", ".env.example"]);
        }
        let said = tools::run(command.args(["config", "--quiet"]))?;
        // An unset variable without a demand is only a warning, and then an empty string in production.
        if said.contains("variable is not set") { Err(said) } else { Ok(said) }
    }))
}
