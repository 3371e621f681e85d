"""Keys of an installation are made once and shown to nobody else."""

import base64
import stat

import pytest

from eios import keys
from eios.lib.crypto import parse_keys


def test_keys_are_written_once_for_the_owner_only(tmp_path):
    path = tmp_path / "var" / "env"

    first = keys.write_once(path, "SECRET_KEY=a\n")
    again = keys.write_once(path, "SECRET_KEY=b\n")

    assert (first, again) == (True, False)
    assert path.read_text() == "SECRET_KEY=a\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["env"]


def test_a_neighbour_who_was_first_keeps_his_keys(tmp_path, monkeypatch):
    path = tmp_path / "env"
    path.write_text("SECRET_KEY=a\n")
    monkeypatch.setattr(type(path), "exists", lambda self: False)

    assert keys.write_once(path, "SECRET_KEY=b\n") is False
    assert path.read_text() == "SECRET_KEY=a\n"
    assert [file.name for file in tmp_path.iterdir()] == ["env"]


def test_keys_fit_the_settings_and_differ_each_time():
    first, second = keys.trial_settings(), keys.trial_settings()

    assert list(parse_keys(first["FIELD_KEYS"])) == ["k1"]
    assert len(base64.b64decode(first["AUDIT_KEY"])) == 32
    assert len(first["SECRET_KEY"]) > 60
    assert {name for name in first if first[name] == second[name]} == {"HTTPS"}


@pytest.mark.parametrize(("missing", "written"), [([], False), (["AUDIT_KEY"], True)])
def test_a_server_with_keys_in_its_environment_gets_no_trial_ones(tmp_path, monkeypatch, missing, written):
    monkeypatch.setattr(keys, "ENV_FILE", tmp_path / "var" / "env")
    for name in missing:
        monkeypatch.delenv(name)

    keys.main([])

    assert keys.ENV_FILE.exists() is written


def test_production_settings_are_lines_of_an_environment_file(capsys):
    keys.main(["--production", "portal.example.ru"])

    lines = dict(line.split("=", 1) for line in capsys.readouterr().out.splitlines())
    assert list(lines) == ["SECRET_KEY", "FIELD_KEYS", "AUDIT_KEY", "ALLOWED_HOSTS", "HTTPS", "POSTGRES_PASSWORD"]
    assert (lines["ALLOWED_HOSTS"], lines["HTTPS"]) == ("portal.example.ru", "true")
    assert [value for value in lines.values() if " " in value or "'" in value or "$" in value] == []


def test_readable_password_has_no_look_alikes():
    password = keys.readable_password()

    assert len(password) >= 15
    assert set(password) & set("0O1lI") == set()
    assert password.count("-") == 3
