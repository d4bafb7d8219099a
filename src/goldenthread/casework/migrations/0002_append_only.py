"""The database refuses to change or delete an event (docs/decisions/0002-events-are-never-edited.md)."""

from django.db import migrations

from goldenthread.foundation.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("casework", "0001_initial")]
    operations = [migrations.RunPython(*append_only("casework_event"))]
