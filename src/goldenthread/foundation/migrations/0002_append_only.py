"""The database refuses to change or delete what the journal says."""

from django.db import migrations

from goldenthread.foundation.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("foundation", "0001_initial")]
    operations = [migrations.RunPython(*append_only("foundation_journalentry"))]
