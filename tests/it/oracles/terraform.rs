//! Terraform formats, validates, plans and applies the files against stand-ins for the providers; what it then holds
//! of AWS is checked against the models of its APIs.

use super::judge;
use crate::support::{
    files_with, root,
    scratch::Scratch,
    tools::{self, Tool},
};
use std::fmt::Write as _;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

#[test]
fn terraform_and_the_models_of_aws_accept_the_files() {
    let file = "terraform/main.tf";
    judge(
        &["terraform", "python"],
        terraform,
        &[
            (file, "period              = 60", "period = 60", "main.tf"),
            (file, "  statistic           = \"Average\"", "  statistik           = \"Average\"", "statistik"),
            (file, "= \"Average\"", "= \"Mean\"", "expected statistic to be one of"),
            (file, "\"GreaterThanThreshold\"", "\">\"", "expected comparison_operator to be one of"),
            (file, "\"notBreaching\"", "\"nope\"", "expected treat_missing_data to be one of"),
            (file, "retention_in_days = 30", "retention_in_days = 31", "expected retention_in_days to be one of"),
            (file, "period              = 60", "period              = 7", "period must be"),
            (
                file,
                "threshold           = 80\n  alarm",
                "threshold           = \"high\"\n  alarm",
                "number is required",
            ),
            (file, "= 3\n", "= 3\n  metric_name         = \"X\"\n", "conflicts with metric_query"),
            (
                file,
                "  name = \"alerts\"",
                "  name = \"alerts\"\n  arn  = \"arn:aws:sns:us-east-1:1:x\"",
                "unconfigurable",
            ),
            (file, "alerts.arn]", "alerts.arm]", "no argument, nested block"),
            (file, "alerts.arn]", "allerts.arn]", "undeclared"),
            (file, "= \"alerts\"", "= \"a b\"", "invalid name"),
            (file, "\"email\"\n  endpoint", "\"smoke\"\n  endpoint", "expected protocol to be one of"),
            (
                file,
                "  required_providers {",
                "  required_version = \">= 99\"\n\n  required_providers {",
                "Unsupported Terraform",
            ),
            (file, "alarm_name          = \"hit-rate\"", "alarm_name          = \"a\"", "the same alarm_name"),
            (file, "hits / (hits + misses)", "hits / (hits + mises)", "uses mises"),
            (file, "return_data = true", "return_data = false", "exactly one returns data"),
            (file, "\"AWS/RDS\"\n", "\":AWS/RDS\"\n", "does not match"),
            (file, "evaluation_periods  = 1\n", "evaluation_periods  = 9999\n", "more than 86400 s"),
            (file, "\"/sample/application\"", "\"/sample/appli cation\"", "does not match"),
            (file, "x      = 0", "x      = 20", "width 12"),
            (
                file,
                "= [aws_sns_topic.alerts.arn]\n}",
                "= [for number in range(6) : \"arn:aws:sns:us-east-1:123456789012:t${number}\"]\n}",
                "number of items 6",
            ),
        ],
    );
}

/// The Terraform files of a folder, those of folders below it left out.
fn own_files(folder: &Path) -> Vec<std::path::PathBuf> {
    files_with(folder, &["tf"]).into_iter().filter(|file| file.parent() == Some(folder)).collect()
}

fn terraform(platform: &Path) -> Result<(), String> {
    accepted(platform, "terraform", "aws")
}

/// Whether the files of one folder are formatted, and what they make is accepted.
pub(super) fn accepted(platform: &Path, folder: &str, provider: &str) -> Result<(), String> {
    let source = platform.join(folder);
    if own_files(&source).is_empty() {
        return Ok(());
    }
    let Some(terraform) = tools::terraform() else { return Ok(()) };
    tools::run(tools::terraform_command(&terraform, &source).args(["fmt", "-check", "-diff"]))?;
    applied(platform, folder, provider, &terraform)
}

/// Applies a folder's files against the stand-in for their provider.
fn applied(platform: &Path, folder: &str, provider: &str, terraform: &Tool) -> Result<(), String> {
    let Some(python) = tools::python() else { return Ok(()) };
    let copy = Scratch::copy_of(platform);
    let folder = copy.join(folder);
    std::fs::write(folder.join("oracle.auto.tfvars"), values_of_variables(&folder)?).unwrap();
    // The state stays here, whatever the files say about where it is kept.
    std::fs::write(folder.join("oracle_override.tf"), "terraform {\n  backend \"local\" {}\n}\n").unwrap();
    let stub = Provider::start(&python, &copy, provider)?;
    let with_stub = |arguments: &[&str]| {
        let mut command = tools::terraform_command(terraform, &folder);
        command.env("TF_REATTACH_PROVIDERS", &stub.reattach).args(arguments);
        // The state is shown without the warnings that may stand on the other stream.
        let output = command.output().map_err(|error| error.to_string())?;
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        if output.status.success() {
            return Ok(out.into_owned());
        }
        // The box that messages are drawn in breaks sentences.
        let said = format!("{out}{err}").replace(['╷', '│', '╵'], " ");
        Err(format!("{arguments:?}: {}", said.split_whitespace().collect::<Vec<_>>().join(" ")))
    };
    with_stub(&["init", "-input=false", "-no-color"])?;
    with_stub(&["validate", "-no-color"])?;
    with_stub(&["plan", "-out=plan.bin", "-input=false", "-no-color"])?;
    with_stub(&["apply", "-input=false", "-no-color", "plan.bin"])?;
    if provider != "aws" {
        return Ok(());
    }
    let state = copy.write("state.json", &with_stub(&["show", "-json"])?);
    let values = root().join("tests/oracles/terraform/values.py");
    tools::run(Command::new(&python).arg(values).arg(&state)).map(|_| ())
}

/// A value for every variable without a default, by its type.
fn values_of_variables(folder: &Path) -> Result<String, String> {
    let mut out = String::new();
    for file in own_files(folder) {
        let text = std::fs::read_to_string(&file).unwrap();
        let body: hcl_edit::structure::Body = text.parse().map_err(|error| format!("{}: {error}", file.display()))?;
        for variable in body.get_blocks("variable").filter(|block| block.body.get_attribute("default").is_none()) {
            let name = variable.labels.first().map(|label| label.as_str()).unwrap_or_default();
            let kind = variable.body.get_attribute("type").map(|kind| kind.value.to_string()).unwrap_or_default();
            let text = if name.contains("arn") { "arn:aws:sns:us-east-1:123456789012:example" } else { "example" };
            let value = match kind.trim() {
                "number" => "1".to_owned(),
                "bool" => "true".to_owned(),
                kind if kind.starts_with("list") || kind.starts_with("set") => format!("[\"{text}\"]"),
                kind if kind.starts_with("map") => "{}".to_owned(),
                _ => format!("\"{text}\""),
            };
            writeln!(out, "{name} = {value}").unwrap();
        }
    }
    Ok(out)
}

/// The stand-in for a provider, ended when it goes out of scope.
struct Provider {
    process: Child,
    reattach: String,
}

impl Provider {
    fn start(python: &Path, scratch: &Scratch, name: &str) -> Result<Self, String> {
        let folder = root().join("tests/oracles/terraform");
        let socket = scratch.join("provider.sock");
        let mut process = Command::new(python)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .arg(folder.join("provider.py"))
            .args([folder.join(format!("{name}-schema.json")), socket.clone()])
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| error.to_string())?;
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let reattach = serde_json::json!({format!("hashicorp/{name}"): {
            "Protocol": "grpc", "ProtocolVersion": 6, "Pid": process.id(), "Test": true,
            "Addr": {"Network": "unix", "String": socket},
        }});
        let provider = Self { process, reattach: reattach.to_string() };
        if line.trim() == "ready" { Ok(provider) } else { Err("the provider did not start".to_owned()) }
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// What the writer of Terraform files is tested with: values that Terraform itself computes.
pub(crate) fn outputs(terraform: &Tool, file: &str) -> serde_json::Value {
    let scratch = Scratch::new("outputs");
    scratch.write("main.tf", file);
    let run = |arguments: &[&str]| {
        let mut command = tools::terraform_command(terraform, scratch.path());
        tools::run(command.args(arguments)).unwrap_or_else(|said| panic!("{said}"))
    };
    run(&["init", "-input=false", "-no-color"]);
    run(&["plan", "-out=plan.bin", "-input=false", "-no-color"]);
    let plan: serde_json::Value = serde_json::from_str(&run(&["show", "-json", "plan.bin"])).unwrap();
    plan["planned_values"]["outputs"].clone()
}
