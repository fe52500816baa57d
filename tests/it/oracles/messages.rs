//! Messages as Alertmanager words them, asked of the real amtool.

use serde_json::{Value, json};

use crate::support::{root, scratch::Scratch, tools};

/// An alert that began at noon; the panel's address is as Prometheus filled it in.
fn alert(name: &str, status: &str, over: &str, annotations: Value) -> Value {
    json!({
        "status": status,
        "labels": { "alertname": name },
        "annotations": annotations,
        "startsAt": "2026-01-01T12:00:00Z",
        "endsAt": over,
    })
}

fn data() -> Value {
    let never = "0001-01-01T00:00:00Z";
    let panel = |id: u32| {
        let url = format!("https://g.example/d/a?viewPanel=panel-{id}&from=now-72h&to=now&var-instance=h%3A1");
        json!({ "summary": "s", "dashboard_url": url })
    };
    let own = json!({ "summary": "s", "dashboard_url": "https://other.example/<!channel>" });
    json!({
        "receiver": "chat",
        "status": "firing",
        "externalURL": "https://am.example",
        "groupLabels": {}, "commonLabels": {}, "commonAnnotations": {},
        "alerts": [
            alert("Burns", "firing", never, panel(5)),
            alert("Burned", "resolved", "2026-01-01T13:00:00Z", panel(6)),
            alert("Raw", "firing", never, own),
            alert("Bare", "firing", never, json!({ "summary": "s" })),
        ],
    })
}

fn rendered(tool: &tools::Tool, kind: &str, template: &str) -> String {
    let folder = Scratch::new("messages");
    folder.write("data.json", &data().to_string());
    let templates = root().join("generated/ims/alertmanager/templates/bellwether.tmpl");
    let mut command = tool.command();
    command.args(["template", "render", &format!("--template.type={kind}")]);
    command.arg(format!("--template.glob={}", templates.display()));
    command.arg(format!("--template.data={}", folder.path().join("data.json").display()));
    command.arg(format!("--template.text={{{{ template \"{template}\" . }}}}"));
    tools::run(&mut command).unwrap_or_else(|said| panic!("{}: {said}", tool.set))
}

#[test]
fn each_alert_of_a_message_has_its_panel_around_its_own_time() {
    // Noon in milliseconds, six hours before it, and an hour after the alert was over.
    let (before, after) = (1_767_268_800_000_u64 - 6 * 3_600_000, 1_767_268_800_000_u64 + 2 * 3_600_000);
    let firing = format!("https://g.example/d/a?viewPanel=panel-5&from={before}&to=now&var-instance=h%3A1");
    let resolved = format!("https://g.example/d/a?viewPanel=panel-6&from={before}&to={after}&var-instance=h%3A1");
    for tool in tools::versions("amtool") {
        let text = rendered(&tool, "text", "bellwether.text");
        assert!(text.contains(&firing) && text.contains(&resolved), "{}: {text}", tool.set);
        assert_eq!(text.matches("https://").count(), 4, "one link for each alert, and Alertmanager's: {text}");
        let html = rendered(&tool, "html", "bellwether.html");
        let escaped = |url: &str| url.replace('&', "&amp;");
        assert!(html.contains(&format!("<a href=\"{}\">Panel</a>", escaped(&firing))), "{}: {html}", tool.set);
        let slack = rendered(&tool, "text", "bellwether.slack.text");
        assert!(slack.contains(&format!("<{}|Panel>", escaped(&resolved))), "{}: {slack}", tool.set);
        assert!(!slack.contains("<!channel>"), "no link calls the whole channel: {slack}");
    }
}
