"""What runs the service elsewhere: nobody's account, nothing that can be written but the data, every setting known."""

from __future__ import annotations

import configparser
import re
import tomllib
from dataclasses import fields

from provstore.server.settings import ServerSettings
from provstore.settings import SECRETS, Settings
from tests.docs.blocks import ROOT

DEPLOY = ROOT / "deploy"
KNOWN = {
    *(f"PROVSTORE_{one.name}".upper() for one in fields(Settings)),
    *(f"PROVSTORE_{name}_FILE".upper() for name in SECRETS),
    *(f"PROVSTORE_SERVER_{one.name}".upper() for one in fields(ServerSettings)),
}


def test_the_unit_gives_the_service_its_own_folder_and_no_rights():
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str
    unit.read(DEPLOY / "systemd" / "provstore.service")
    service = unit["Service"]
    assert service["ExecStart"].endswith("provstore serve")
    for name, value in {
        "DynamicUser": "yes", "NoNewPrivileges": "yes", "CapabilityBoundingSet": "", "ProtectSystem": "strict",
        "ProtectHome": "yes", "PrivateTmp": "yes", "MemoryDenyWriteExecute": "yes", "UMask": "0077",
        "KillSignal": "SIGTERM",
    }.items():  # fmt: skip
        assert service[name] == value
    assert service["WorkingDirectory"] == f"/var/lib/{service['StateDirectory']}"


def test_the_container_runs_as_nobody_and_writes_its_volume_alone():
    lines = (DEPLOY / "container" / "Containerfile").read_text(encoding="utf-8").splitlines()
    words = [line.split() for line in lines if re.match(r"[A-Z]+ ", line)]
    assert [word[1] for word in words if word[0] == "USER"][-1] == "65532:65532"
    assert words.index(["USER", "65532:65532"]) < words.index(["ENTRYPOINT", '["provstore",', '"serve"]'])
    assert [word[1:] for word in words if word[0] == "VOLUME"] == [["/data"]]
    assert not any(word[0] == "ADD" for word in words)
    readme = (DEPLOY / "container" / "README.md").read_text(encoding="utf-8")
    assert all(option in readme for option in ("--read-only", "--cap-drop all", "no-new-privileges"))


def test_every_setting_that_these_files_name_is_one():
    for path in (
        path for folder in ("systemd", "container", "compose/service") for path in (DEPLOY / folder).iterdir()
    ):
        named = set(re.findall(r"PROVSTORE_[A-Z_]+", path.read_text(encoding="utf-8")))
        assert named <= KNOWN, path


def test_an_image_is_built_from_what_the_package_needs_and_nothing_else():
    rules = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if not line.startswith("#")]
    assert rules[0] == "*"
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    needed = {
        "pyproject.toml", project["project"]["readme"], *project["project"]["license-files"],
        *wheel["packages"], *wheel["force-include"],
    }  # fmt: skip
    assert {rule[1:] for rule in rules if rule.startswith("!")} == needed
