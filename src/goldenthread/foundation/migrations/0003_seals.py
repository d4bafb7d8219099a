"""Seals over the ends of the journal's chains, which the database refuses to change or delete."""

import django.db.models.deletion
from django.db import migrations, models

from goldenthread.foundation.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("foundation", "0002_append_only")]
    operations = [
        migrations.CreateModel(
            name="JournalSeal",
            fields=[
                ("number", models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("previous", models.CharField(max_length=64, unique=True)),
                ("chains", models.PositiveBigIntegerField()),
                ("entries", models.PositiveBigIntegerField()),
                ("root", models.CharField(max_length=64)),
                ("digest", models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="SealedEnd",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("chain", models.CharField(max_length=64)),
                ("sequence", models.PositiveBigIntegerField()),
                ("digest", models.CharField(max_length=64)),
                (
                    "seal",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ends",
                        to="foundation.journalseal",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("chain", "sequence"), name="sealed_end_chain_sequence"),
                    models.UniqueConstraint(fields=("seal", "chain"), name="sealed_end_once_a_seal"),
                ],
            },
        ),
        migrations.RunPython(*append_only("foundation_journalseal", "foundation_sealedend")),
    ]
