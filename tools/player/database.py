"""The database of an old system beside the shop of a play: real servers, rows of known truth (tests/scope)."""
import os
import sys

from stage import TOP, StageFault

KINDS = {"sqlite": "Sqlite", "postgresql": "Postgres", "mariadb": "Mariadb"}


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
    for key, value in {**shops.SETTINGS[name], "database": f'"{server.url(name)}"'}.items():
        cast.stage.configure("scope", key, value)
    cast.stage.secrets["HINOBAN_DATABASE_PASSWORD"] = servers.READER_PASSWORD
    return server.url(name).split(":")[0]
