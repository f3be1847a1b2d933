"""The service's configuration file: every complaint names file and line, nothing is guessed."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from device.api.methods import Role
from device.api.yaml_file import YamlNode, load_yaml

EXAMPLE = """\
service: https://account.example.net      # origin of the account service
ca: /etc/stb/ca.crt                       # the operator's CA, the only one that is trusted
socket: /run/stb/device.sock              # the local API; its folder gets mode 0750
state: /var/lib/stb                       # last known answers, unfinished changes
device_key: /etc/stb/device.pem           # P-256, mode 0600
reader: "pcsc:"                           # the smart-card reader
roles: {0: operator, 990: viewer}         # uid -> viewer, installer, operator
log: {file: /var/log/stb/device.log, max_bytes: 262144, backups: 1}   # without it: standard error
identity_root: /                          # where the Chip ID is looked for
model: STB-1
manufacturer: Example
"""

_MAX_SOCKET_PATH = 107
"""sockaddr_un.sun_path without its end mark (unix(7))."""


@dataclass(frozen=True)
class LogConfig:
    """At most ``max_bytes`` x (``backups`` + 1) bytes of flash."""

    file: Path
    max_bytes: int
    backups: int


@dataclass(frozen=True)
class Config:
    """Paths are absolute; relative ones in the file are taken from the file's folder. ``ca`` is None only where the
    service is plain http on loopback."""

    path: Path
    service: str
    ca: Path | None
    socket: Path
    state: Path
    device_key: Path
    reader: str
    identity_root: Path
    roles: dict[int, Role]
    log: LogConfig | None
    model: str
    manufacturer: str


def load_config(path: Path) -> Config:
    """YamlError (``FILE:LINE: …``) or ConfigError in one line for what cannot be used."""
    node = load_yaml(path).only(
        "service", "ca", "socket", "state", "device_key", "reader", "identity_root", "roles", "log", "model",
        "manufacturer",
    )  # fmt: skip
    folder = path.absolute().parent

    def place(name: YamlNode) -> Path:
        return folder / name.text()

    service = _origin(node["service"])
    ca = node.get("ca") if service.startswith("http:") else node["ca"]
    identity_root = node.get("identity_root")
    log = node.get("log")
    return Config(
        path=path,
        service=service,
        ca=None if ca is None else place(ca),
        socket=_socket(node["socket"], place(node["socket"])),
        state=place(node["state"]),
        device_key=place(node["device_key"]),
        reader=node["reader"].text(),
        identity_root=Path("/") if identity_root is None else place(identity_root),
        roles=_roles(node["roles"]),
        log=None if log is None else _log(log, folder),
        model=node["model"].text(),
        manufacturer=node["manufacturer"].text(),
    )


def is_loopback(host: str) -> bool:
    """localhost, 127.0.0.0/8, ::1."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _origin(node: YamlNode) -> str:
    """An origin (RFC 6454): scheme, host, port; it is signed by the card, so it is one spelling only."""
    text = node.text()
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise node.error("not an origin", "https://HOST[:PORT]") from None
    if parts.scheme not in ("https", "http") or not host or "@" in parts.netloc:
        raise node.error("not an origin", "https://HOST[:PORT]")
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise node.error("an origin has no path", "https://HOST[:PORT]")
    if not all("!" <= character <= "~" and character not in '|"<>\\^`{}' for character in text):
        raise node.error("a host is plain ASCII", "write an international name in its xn-- form")
    if parts.scheme == "http" and not is_loopback(host):
        raise node.error("plain http is taken to loopback only", "https://…")
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}" + (f":{port}" if port is not None else "")


def _socket(node: YamlNode, path: Path) -> Path:
    if len(str(path).encode()) > _MAX_SOCKET_PATH:
        raise node.error(f"a socket's path has at most {_MAX_SOCKET_PATH} bytes", "take a shorter one")
    return path


def _roles(node: YamlNode) -> dict[int, Role]:
    roles = {}
    for uid, role in node.entries():
        if not uid.isascii() or not uid.isdigit():
            raise role.error(f"'{uid}' is no uid", "roles: {UID: viewer|installer|operator}")
        roles[int(uid)] = Role[role.choice(*(each.name for each in Role))]
    return roles


def _log(node: YamlNode, folder: Path) -> LogConfig:
    node.only("file", "max_bytes", "backups")
    max_bytes, backups = node.get("max_bytes"), node.get("backups")
    return LogConfig(
        file=folder / node["file"].text(),
        max_bytes=256 * 1024 if max_bytes is None else max_bytes.integer(4096, 16 * 1024 * 1024),
        backups=1 if backups is None else backups.integer(0, 9),
    )
