//! Packs.
pub mod library;
pub mod components {
    #[derive(Debug)]
    pub struct Component {
        pub port: Option<u16>,
    }
    pub fn component(name: &str) -> Option<Component> {
        let port = match name {
            "prometheus" => 9090,
            "alertmanager" => 9093,
            "grafana" => 3000,
            "postgres-exporter" => 9187,
            "redis-exporter" => 9121,
            "node-exporter" => 9100,
            "blackbox-exporter" => 9115,
            _ => return None,
        };
        Some(Component { port: Some(port) })
    }
}
pub use library::Library;
pub static PACKS: &[(&str, &str)] = &[
    ("http", include_str!("data/http.yaml")),
    ("process", include_str!("data/process.yaml")),
    ("postgres", include_str!("data/postgres.yaml")),
    ("redis", include_str!("data/redis.yaml")),
    ("node", include_str!("data/node.yaml")),
    ("blackbox", include_str!("data/blackbox.yaml")),
    ("prometheus", include_str!("data/prometheus.yaml")),
    ("alertmanager", include_str!("data/alertmanager.yaml")),
    ("grafana", include_str!("data/grafana.yaml")),
    ("aws-rds", include_str!("data/aws-rds.yaml")),
    ("aws-elasticache", include_str!("data/aws-elasticache.yaml")),
    ("aws-application-load-balancer", include_str!("data/aws-application-load-balancer.yaml")),
];
pub fn builtin(name: &str) -> Option<&'static str> {
    PACKS.iter().find(|(n, _)| *n == name).map(|(_, t)| *t)
}
