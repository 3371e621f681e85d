
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('resources', '0019_calendars'),
    ]

    operations = [
        migrations.CreateModel(
            name='SearchEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=30)),
                ('key', models.BigIntegerField()),
                ('date', models.DateField(null=True)),
                ('title', models.CharField(max_length=700)),
                ('note', models.CharField(blank=True, max_length=300)),
                ('text', models.TextField(blank=True)),
                ('words', models.TextField()),
                ('address', models.CharField(max_length=500)),
            ],
            options={
                'verbose_name': 'запись поиска',
                'verbose_name_plural': 'записи поиска',
                'constraints': [models.UniqueConstraint(fields=('source', 'key'), name='search_entry_once')],
            },
        ),
        migrations.CreateModel(
            name='SearchWord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('word', models.CharField(max_length=40)),
                ('stem', models.CharField(max_length=40)),
                ('length', models.PositiveSmallIntegerField(db_index=True)),
            ],
            options={
                'verbose_name': 'слово словаря поиска',
                'verbose_name_plural': 'словарь поиска',
                'constraints': [models.UniqueConstraint(fields=('word', 'stem'), name='search_word_once')],
            },
        ),
        migrations.CreateModel(
            name='SearchTerm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stem', models.CharField(max_length=40)),
                ('word', models.CharField(max_length=40)),
                ('in_title', models.PositiveSmallIntegerField()),
                ('count', models.PositiveIntegerField()),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='terms', to='resources.searchentry')),
            ],
            options={
                'verbose_name': 'слово записи поиска',
                'verbose_name_plural': 'слова записей поиска',
                'indexes': [models.Index(fields=['stem', 'entry', 'in_title', 'count'], name='search_term_found')],
            },
        ),
    ]
