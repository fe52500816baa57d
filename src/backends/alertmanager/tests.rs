//! alertmanager.yml from small platforms.
