//! Merging a user's own compose over the generated one, as compose merges files.

use serde_json::{Map, Value};

/// Lists that compose replaces as a whole: half a command is no command.
const REPLACED: [&str; 3] = ["command", "entrypoint", "test"];

/// Merges `over` into `base`: maps key by key, other lists by adding what is new, everything else by
/// replacing. `null` takes a key away.
pub(super) fn merge(base: &mut Value, over: &Value) {
    match (base, over) {
        (Value::Object(base), Value::Object(over)) => merge_maps(base, over),
        (base, over) => *base = over.clone(),
    }
}

fn merge_maps(base: &mut Map<String, Value>, over: &Map<String, Value>) {
    for (key, value) in over {
        match (base.get_mut(key), value) {
            (_, Value::Null) => {
                base.shift_remove(key);
            }
            (Some(Value::Array(items)), Value::Array(more)) if !REPLACED.contains(&key.as_str()) => {
                let new: Vec<Value> = more.iter().filter(|item| !items.contains(item)).cloned().collect();
                items.extend(new);
            }
            (Some(existing), value) => merge(existing, value),
            (None, value) => {
                base.insert(key.clone(), value.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn maps_merge_lists_grow_commands_are_replaced_and_null_takes_away() {
        let mut base = json!({"services": {"a": {
            "image": "a:1", "ports": ["1:1"], "command": ["--x"], "restart": "always", "healthcheck": {"test": ["CMD", "a"]}
        }}});
        let over = json!({"services": {
            "a": {"image": "a:2", "ports": ["1:1", "2:2"], "command": ["--y"], "restart": null, "healthcheck": {"test": ["NONE"]}},
            "b": {"image": "b:1"}
        }});
        merge(&mut base, &over);
        let expected = json!({"services": {
            "a": {"image": "a:2", "ports": ["1:1", "2:2"], "command": ["--y"], "healthcheck": {"test": ["NONE"]}},
            "b": {"image": "b:1"}
        }});
        assert_eq!(base, expected);
    }
}
