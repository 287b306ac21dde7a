"""Runs the Blockstore of the package `openedx-blockstore` on SQLite, in the directory BLOCKSTORE_DIR.

The package's own settings want MySQL, and apps and tests that are not in it.
"""

import os
from pathlib import Path

DIRECTORY = Path(os.environ["BLOCKSTORE_DIR"])

SECRET_KEY = "for tests only"
DEBUG = True
ALLOWED_HOSTS = ["*"]
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
ROOT_URLCONF = "urls"
MEDIA_ROOT = str(DIRECTORY / "media")
MEDIA_URL = "/media/"
DATA_UPLOAD_MAX_MEMORY_SIZE = 100_000_000
BUNDLE_ASSET_STORAGE_SETTINGS = {}
BUNDLE_ASSET_URL_STORAGE_KEY = None
BUNDLE_ASSET_URL_STORAGE_SECRET = None

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(DIRECTORY / "blockstore.sqlite"),
        "OPTIONS": {"timeout": 60},
    }
}

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "rest_framework",
    "rest_framework.authtoken",
    "django_filters",
    "blockstore.apps.bundles.apps.BundlesConfig",
    "blockstore.apps.rest_api",
]

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": [
        "blockstore.apps.rest_api.permissions.IsSuperUserOrAuthorizedApplication"
    ],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
}
