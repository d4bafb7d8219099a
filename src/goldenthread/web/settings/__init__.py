"""Settings: `base` is common, `demo` runs on one machine for trying, `test` runs the tests, `production` is strict.

Choose with DJANGO_SETTINGS_MODULE, for example goldenthread.web.settings.production.
"""
