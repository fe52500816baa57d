// The same shop as in shop.yaml, with what repeats said once.
local env(name) = { env: name };
local slo(objective) = { objective: objective, window: '30d' };
local warning = { severity: 'warning' };
local panel(service, signal) = { service: service, signal: signal };

{
  bellwether: 1,
  platform: 'shop',
  owner: { team: 'shop-team' },
  runbooks: 'https://runbooks.example.com/shop/{{ alert }}',
  intervals: { scrape: '15s', evaluate: '30s' },
  retention: { metrics: { 'local': '35d' } },
  channels: {
    oncall: { pagerduty: { routing_key: env('PAGERDUTY_ROUTING_KEY') } },
    chat: { slack: { channel: '#shop-alerts', api_url: env('SLACK_API_URL') } },
  },
  severities: {
    critical: { notify: ['oncall', 'chat'], repeat: '1h' },
    warning: { notify: ['chat'], repeat: '4h' },
  },
  services: {
    api: {
      title: 'Shop API',
      packs: ['http', 'process'],
      scrape: { port: 8000 },
      metrics: {
        http_request_duration_seconds: {
          type: 'histogram',
          unit: 'seconds',
          labels: ['endpoint'],
          buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5],
        },
      },
      slos: {
        errors: { signal: 'error_ratio' } + slo('99.9%'),
        latency: { within: '250ms' } + slo('95%'),
      },
      thresholds: {
        ApiSlow: { signal: 'latency', quantile: 'p99', above: '1s', 'for': '5m' } + warning,
      },
    },
    cache: {
      title: 'Cache',
      packs: ['redis'],
      exporter: { environment: { REDIS_ADDR: 'redis://cache:6379' } },
      thresholds: {
        CacheMemoryHigh: { signal: 'memory_used', above: '90%', 'for': '10m' } + warning,
      },
    },
  },
  dashboards: {
    overview: {
      title: 'Shop',
      panels: [
        panel('api', 'request_rate'),
        panel('api', 'error_ratio'),
        panel('api', 'latency') { quantile: ['p50', 'p99'] },
        panel('cache', 'hit_ratio'),
      ],
    },
  },
  stack: { grafana: { admin_password: env('GRAFANA_ADMIN_PASSWORD') }, compose: {} },
}
