"""As much of WebDriver as the console's test needs, over chromium-driver."""
import base64
import json
import shutil
import subprocess
import time
import urllib.error
import urllib.request

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


def missing():
    """Why no browser can be had, or None."""
    for program in ("chromium", "chromedriver"):
        if not shutil.which(program):
            return program + " is not installed"
    return None


class Driver:
    """chromedriver on a free port."""

    def __init__(self):
        self.proc = subprocess.Popen(["chromedriver", "--port=0"], stdout=subprocess.PIPE,
                                     stderr=subprocess.DEVNULL, text=True)
        for line in self.proc.stdout:
            if "successfully on port" in line:
                self.url = "http://127.0.0.1:" + line.split()[-1].rstrip(".")
                return
        raise EOFError("chromedriver did not start")

    def ask(self, method, path, body=None):
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(self.url + path, data, method=method,
                                         headers={"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=120) as r:
                return json.load(r)["value"]
        except urllib.error.HTTPError as e:
            raise RuntimeError("%s %s: %s" % (method, path, e.read().decode()[:500])) from e

    def end(self):
        self.proc.terminate()
        self.proc.wait(20)


class Browser:
    """One window. dark, script: as the reader has set them."""

    def __init__(self, driver, lang="en", script=True, dark=False):
        args = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                "--disable-background-networking", "--hide-scrollbars", "--lang=" + lang,
                "--accept-lang=" + lang]
        if dark:
            args.append("--blink-settings=preferredColorScheme=0")
        prefs = {"intl.accept_languages": lang}
        if not script:
            prefs["profile.managed_default_content_settings.javascript"] = 2
        self.driver = driver
        self.id = driver.ask("POST", "/session", {"capabilities": {"alwaysMatch": {
            "browserName": "chrome", "goog:loggingPrefs": {"browser": "ALL"},
            "goog:chromeOptions": {"args": args, "prefs": prefs}}}})["sessionId"]

    def ask(self, method, path, body=None):
        return self.driver.ask(method, "/session/%s%s" % (self.id, path), body)

    def chrome(self, command, **params):
        """A command of the browser's own protocol."""
        return self.ask("POST", "/goog/cdp/execute", {"cmd": command, "params": params})

    def size(self, width, height):
        """The page's own size, whatever the window's frame."""
        self.chrome("Emulation.setDeviceMetricsOverride", width=width, height=height,
                    deviceScaleFactor=1, mobile=width < 700)

    def dark(self, on):
        self.chrome("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": "dark" if on else "light"}])

    def open(self, url):
        self.ask("POST", "/url", {"url": url})

    def url(self):
        return self.ask("GET", "/url")

    def run(self, script):
        return self.ask("POST", "/execute/sync", {"script": script, "args": []})

    def find(self, css):
        return [e[ELEMENT] for e in
                self.ask("POST", "/elements", {"using": "css selector", "value": css})]

    def text(self, css="body"):
        """What a person reads there: works without script in the page, too."""
        return "\n".join(self.ask("GET", "/element/%s/text" % e) for e in self.find(css))

    def fill(self, css, text):
        self.ask("POST", "/element/%s/value" % self.find(css)[0], {"text": text})

    def click(self, css):
        self.ask("POST", "/element/%s/click" % self.find(css)[0], {})

    def wait(self, good, seconds=60):
        until = time.monotonic() + seconds
        while True:
            try:
                value = good()
            except RuntimeError:  # the page was just being replaced
                value = None
            if value or time.monotonic() > until:
                return value
            time.sleep(0.2)

    def shot(self, path, whole=False):
        got = self.chrome("Page.captureScreenshot", captureBeyondViewport=whole, **(
            {"clip": self.extent()} if whole else {}))
        with open(path, "wb") as f:
            f.write(base64.b64decode(got["data"]))

    def extent(self):
        c = self.chrome("Page.getLayoutMetrics")["cssContentSize"]
        return {"x": 0, "y": 0, "width": c["width"], "height": min(c["height"], 6000), "scale": 1}

    def complaints(self):
        """What the browser wrote to its console: errors and refused content."""
        return [e["message"] for e in self.ask("POST", "/se/log", {"type": "browser"})
                if e["level"] in ("SEVERE", "WARNING")]

    def end(self):
        self.ask("DELETE", "")
