from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('foundation', '0003_seals'),
    ]

    operations = [
        migrations.CreateModel(
            name='IdempotencyKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('owner', models.CharField(max_length=64)),
                ('key', models.CharField(max_length=64)),
                ('request', models.CharField(max_length=64)),
                ('status', models.PositiveSmallIntegerField(default=0)),
                ('answer', models.TextField(blank=True)),
                ('at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('owner', 'key'), name='idempotency_key_once_an_owner')],
                'indexes': [models.Index(fields=['at'], name='idempotency_answer', condition=models.Q(('answer', ''), _negated=True)), models.Index(fields=['at'], name='idempotency_at')],
            },
        ),
    ]
