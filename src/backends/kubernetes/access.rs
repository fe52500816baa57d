//! What components may read of the cluster: a Prometheus that finds pods by itself the pods of one namespace, a
//! collector of lines their lines too, nothing more.

use super::lower::metadata;
use super::objects::{AccessRule, Object, RoleRef, Subject};
use crate::model::{ClusterLabels, Kubernetes, Platform};

/// Service account of the collector of lines, which is also its name.
pub(super) const COLLECTOR: &str = "alloy";

/// Service accounts with what each may read; nothing when nobody asks the cluster.
///
/// Roles, not ClusterRoles: everything looks into one namespace, and whoever takes Prometheus over should not be able
/// to read the pods of others.
pub(super) fn objects(platform: &Platform, cluster: &Kubernetes) -> Vec<Object> {
    let pods = AccessRule { api_groups: vec![""], resources: vec!["pods"], verbs: vec!["get", "list", "watch"] };
    let mut objects = Vec::new();
    if platform.jobs().any(|(_, job)| job.discovery.is_some()) {
        objects.extend(granted(platform, cluster, &cluster.service_account, "discovery", vec![pods.clone()]));
    }
    if collects(platform, cluster) {
        let lines = AccessRule { api_groups: vec![""], resources: vec!["pods/log"], verbs: vec!["get"] };
        objects.extend(granted(platform, cluster, COLLECTOR, "lines", vec![pods, lines]));
    }
    objects
}

/// Whether a collector of lines runs in the cluster.
pub(super) fn collects(platform: &Platform, cluster: &Kubernetes) -> bool {
    cluster.run && platform.stack.alloy.is_some()
}

/// A service account, a role and the binding of one to the other.
fn granted(
    platform: &Platform,
    cluster: &Kubernetes,
    account: &str,
    what: &str,
    rules: Vec<AccessRule>,
) -> [Object; 3] {
    let role = format!("{account}-{what}");
    let named = |name: &str| metadata(platform, cluster, name, &ClusterLabels::new());
    let subject = Subject { kind: "ServiceAccount", name: account.to_owned(), namespace: cluster.namespace.clone() };
    [
        Object { api_version: "v1", kind: "ServiceAccount", metadata: named(account), ..Object::default() },
        Object {
            api_version: "rbac.authorization.k8s.io/v1",
            kind: "Role",
            metadata: named(&role),
            rules,
            ..Object::default()
        },
        Object {
            api_version: "rbac.authorization.k8s.io/v1",
            kind: "RoleBinding",
            metadata: named(&role),
            role_ref: Some(RoleRef { api_group: "rbac.authorization.k8s.io", kind: "Role", name: role.clone() }),
            subjects: vec![subject],
            ..Object::default()
        },
    ]
}
