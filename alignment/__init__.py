"""The Django project: settings, root URLs, Celery, and the servers of the one-command run."""

import zoneinfo

# Only the pinned tzdata package decides; the zone files of old systems fail some of our vectors.
zoneinfo.reset_tzpath([])
