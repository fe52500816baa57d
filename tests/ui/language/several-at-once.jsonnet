{
  bellwether: 1,
  platform: 'my shop',
  intervals: { scrape: 15 },
  services: { api: { scrap: { port: 8000 } } },
}
