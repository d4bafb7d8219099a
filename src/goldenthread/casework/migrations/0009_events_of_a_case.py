"""Events by case and kind, and corrections by case, instead of events by case alone, which (case, sequence) already gives.

The old index is dropped by name: Django would write the whole table of events anew on SQLite, and lose its triggers.
"""

import django.db.models.deletion
from django.db import migrations, models

OLD = "casework_event_case_id_84963066"


class Migration(migrations.Migration):

    dependencies = [
        ("casework", "0008_covering_involvement"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["case", "kind"], name="event_of_case"),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["case"], name="event_amending", condition=models.Q(("amends__isnull", False))),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(f"DROP INDEX {OLD}", f"CREATE INDEX {OLD} ON casework_event (case_id)"),
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="event",
                    name="case",
                    field=models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="events", to="casework.case"
                    ),
                ),
            ],
        ),
    ]
