import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='MarkedChange',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('indicator', models.CharField(max_length=80)),
                ('area', models.CharField(max_length=48)),
                ('on', models.DateField()),
                ('what', models.CharField(max_length=80)),
                ('action', models.UUIDField(blank=True, null=True)),
                ('marked_at', models.DateTimeField()),
                ('marked_by_name', models.CharField(max_length=200)),
                ('taken_off_at', models.DateTimeField(blank=True, null=True)),
                ('taken_off_by_name', models.CharField(blank=True, max_length=200)),
                ('reason', models.TextField(blank=True)),
                ('marked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('taken_off_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['indicator', 'on'], name='marked_indicator')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('taken_off_at', None)), fields=('indicator', 'area', 'on'), name='marked_once_a_day'), models.CheckConstraint(condition=models.Q(('taken_off_at', None), models.Q(('reason', ''), _negated=True), _connector='OR'), name='marked_taken_off_for_a_reason')],
            },
        ),
    ]
