"""The database refuses to change or delete what an agency entered, and the steps of a submission."""

from django.db import migrations

from goldenthread.foundation.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("collections", "0001_initial")]
    operations = [migrations.RunPython(*append_only("collections_entry", "collections_step"))]
