//! What a Prometheus that finds pods by itself may read: the pods of one namespace, nothing more.

use super::lower::metadata;
use super::objects::{AccessRule, Object, RoleRef, Subject};
use crate::model::{ClusterLabels, Kubernetes, Platform};

/// A service account, a role and the binding of one to the other; nothing when no job discovers anything.
///
/// A Role, not a ClusterRole: every job looks into one namespace, and whoever takes Prometheus over should not be able
/// to read the pods of others.
pub(super) fn objects(platform: &Platform, cluster: &Kubernetes) -> Vec<Object> {
    if platform.jobs().all(|(_, job)| job.discovery.is_none()) {
        return Vec::new();
    }
    let account = &cluster.service_account;
    let role = format!("{account}-discovery");
    let named = |name: &str| metadata(platform, cluster, name, &ClusterLabels::new());
    vec![
        Object { api_version: "v1", kind: "ServiceAccount", metadata: named(account), ..Object::default() },
        Object {
            api_version: "rbac.authorization.k8s.io/v1",
            kind: "Role",
            metadata: named(&role),
            rules: vec![AccessRule {
                api_groups: vec![""],
                resources: vec!["pods"],
                verbs: vec!["get", "list", "watch"],
            }],
            ..Object::default()
        },
        Object {
            api_version: "rbac.authorization.k8s.io/v1",
            kind: "RoleBinding",
            metadata: named(&role),
            role_ref: Some(RoleRef { api_group: "rbac.authorization.k8s.io", kind: "Role", name: role.clone() }),
            subjects: vec![Subject {
                kind: "ServiceAccount",
                name: account.clone(),
                namespace: cluster.namespace.clone(),
            }],
            ..Object::default()
        },
    ]
}
