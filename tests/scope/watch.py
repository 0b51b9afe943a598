"""A watched shop with a ledger, for `hinoban scope` to write into."""
import os

from harness import run

import servers


class Watch:
    """A shop's folder that looks like EC-CUBE 2, with a config and a ledger."""

    def __init__(self, folder, profile, settings, files=()):
        self.dir = os.path.join(folder, "shop")
        self.config = os.path.join(folder, "hinoban.conf")
        os.makedirs(self.dir)
        for name, text in files:
            self.write(name, text)
        r = run("init", self.dir, "--config", self.config, "--state", os.path.join(folder, "state"), "--yes")
        with open(self.config, "w", encoding="utf-8") as f:
            f.write('roots = ["%s"]\nstate = "%s/state"\nprofile = "%s"\n%s' % (self.dir, folder, profile, settings))
        if r.code:
            raise RuntimeError(str(r))

    def write(self, name, text):
        path = os.path.join(self.dir, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)

    def run(self, *args, **more):
        env = {"HINOBAN_DATABASE_PASSWORD": servers.READER_PASSWORD}
        env.update(more.pop("env", {}))
        return run(*args, "--config", self.config, env=env, **more)


def figures(r):
    """{(population, item, unit): n, or (low, high)}"""
    return {(c["population"], c["item"], c["unit"]): c.get("n", (c.get("low"), c.get("high"))) for c in r.lines()}
