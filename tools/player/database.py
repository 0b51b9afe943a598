"""The database of an old system beside the shop of a play: real servers, rows of known truth (tests/scope)."""
import os
import re
import sys

from stage import TOP, StageFault

KINDS = {"sqlite": "Sqlite", "postgresql": "Postgres", "mariadb": "Mariadb"}


def set_scope(config, values):
    """Keys of the section [scope] of a config that `hinoban init` wrote."""
    with open(config, encoding="utf-8") as file:
        head, rest = file.read().split("\n[scope]\n", 1)
    end = re.search(r"^\[", rest, re.M)
    body, tail = (rest[:end.start()], rest[end.start():]) if end else (rest, "")
    for key, value in values.items():
        body, n = re.subn(rf"^{key} = .*$", lambda _, k=key, v=value: f"{k} = {v}", body, flags=re.M)
        if n != 1:
            raise StageFault(f"{config}: {n} lines set {key} under [scope]")
    with open(config, "w", encoding="utf-8") as file:
        file.write(head + "\n[scope]\n" + body + tail)


def open_database(cast, name, kind):
    sys.path.insert(0, os.path.join(TOP, "tests", "scope"))
    import servers
    import shops
    if name not in shops.SETTINGS or kind not in KINDS:
        raise StageFault(f"no rows of {name} for {kind}")
    if (kind == "postgresql" and not servers.POSTGRES_BIN) or (kind == "mariadb" and not servers.MARIADBD):
        raise StageFault(f"{kind} is not installed; packaging/debian-packages names it")
    server = getattr(servers, KINDS[kind])()
    cast.stage.databases.append(server)
    folder = os.path.join(cast.stage.base, name)
    os.makedirs(folder, exist_ok=True)
    getattr(shops, name)([server], folder)
    set_scope(cast.stage.config, {**shops.SETTINGS[name], "database": f'"{server.url(name)}"'})
    cast.stage.secrets["HINOBAN_DATABASE_PASSWORD"] = servers.READER_PASSWORD
    return server.url(name).split(":")[0]
