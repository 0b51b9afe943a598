"""What people do in the bundled shop, over HTTP: a browser without a window.

Visitor keeps cookies and one connection; Customer registers, buys, writes reviews; Staff
logs in to the staff's side. Each method does what a person would do by clicking: it loads
the page with the form, takes its token, and posts the form.
"""
import html
import http.client
import json
import os
import re
import secrets
import urllib.parse


class ShopError(Exception):
    """The shop answered otherwise than a person would expect."""


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def text(self):
        return self.body.decode("utf-8", "replace")

    @property
    def token(self):
        found = re.search(r'name="csrf" value="([0-9a-f]+)"', self.text)
        if not found:
            raise ShopError("no form on this page")
        return found.group(1)


class Visitor:
    """Anyone with a browser. `address` is the loopback address to come from."""

    def __init__(self, url, address="127.0.0.1", agent="Mozilla/5.0 (hinoban play)"):
        at = urllib.parse.urlsplit(url)
        self.host, self.port, self.address, self.agent = at.hostname, at.port, address, agent
        self.cookies, self.link = {}, None

    def close(self):
        if self.link:
            self.link.close()
            self.link = None

    def request(self, method, path, body=None, headers=None):
        headers = {"User-Agent": self.agent, **(headers or {})}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        reply = self._send(method, path, body, headers)
        for line in reply.headers.get_all("Set-Cookie") or []:
            name, _, value = line.split(";")[0].partition("=")
            self.cookies[name] = value
        return Answer(reply.status, reply.headers, reply.read())

    def _send(self, method, path, body, headers):
        """One retry: the server may have closed a connection that was kept open."""
        for attempt in (1, 2):
            if not self.link:
                self.link = http.client.HTTPConnection(
                    self.host, self.port, timeout=30, source_address=(self.address, 0))
            try:
                self.link.request(method, path, body, headers)
                return self.link.getresponse()
            except (http.client.HTTPException, ConnectionError):
                self.close()
                if attempt == 2:
                    raise
        raise AssertionError("not reached")

    def get(self, path, expect=200):
        return self._expect(self.request("GET", path), "GET", path, expect)

    def post(self, path, fields, expect=303):
        body = urllib.parse.urlencode(fields)
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._expect(self.request("POST", path, body, headers), "POST", path, expect)

    def post_file(self, path, fields, field, name, content, kind, expect=303):
        """A form with a file, as multipart/form-data (RFC 7578)."""
        edge = "----hinoban" + secrets.token_hex(8)
        parts = [f'--{edge}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'.encode()
                 for k, v in fields.items()]
        parts.append(f'--{edge}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n'
                     f"Content-Type: {kind}\r\n\r\n".encode() + content + b"\r\n")
        body = b"".join(parts) + f"--{edge}--\r\n".encode()
        headers = {"Content-Type": f"multipart/form-data; boundary={edge}"}
        return self._expect(self.request("POST", path, body, headers), "POST", path, expect)

    @staticmethod
    def _expect(answer, method, path, status):
        if answer.status != status:
            said = re.findall(r'class="fault"[^>]*>([^<]*)<', answer.text)
            raise ShopError(f"{method} {path}: {answer.status}, not {status} {' '.join(said)}")
        return answer

    def find(self, name):
        """The path of the product that is called so (or whose name holds it)."""
        page = self.get("/search?q=" + urllib.parse.quote(name)).text
        found = re.search(r'class="card" href="(/p/\d+)"', page)
        if not found:
            raise ShopError(f"no product called {name}")
        return found.group(1)


class Customer(Visitor):
    password = "ocha-to-okashi"
    token = None  # of review forms: the same for a whole session

    def register(self, email, name="山田 花子", kana="ヤマダ ハナコ"):
        token = self.get("/register").token
        answer = self.post("/register", {
            "csrf": token, "email": email, "password": self.password, "name": name, "kana": kana,
            "zip": "600-8001", "prefecture": "京都府", "address": "京都市下京区四条通1-2-3", "phone": "075-000-0000"})
        self.email = email
        return answer

    def login(self, email, password):
        token = self.get("/login").token
        return self.post("/login", {"csrf": token, "email": email, "password": password})

    def buy(self, name, card, count=1, holder="HANAKO YAMADA"):
        """From the product's page to the thanks; returns the order's number."""
        path = self.find(name)
        token = self.get(path).token
        self.post("/cart/add", {"csrf": token, "product": path.rsplit("/", 1)[1], "count": count})
        page = self.get("/checkout")
        self.post("/checkout/address", {"csrf": page.token, **form_values(page.text)})
        page = self.get("/checkout/payment")
        year = max(re.findall(r"<option>(\d{4})</option>", page.text))
        self.post("/checkout/payment", {
            "csrf": page.token, "card_number": card, "card_holder": holder,
            "card_month": "12", "card_year": year, "card_code": "123"})
        thanks = self.get("/checkout/done").text
        return re.search(r'class="number">([0-9A-Z-]+)<', thanks).group(1)

    def review(self, product_path, text, name=None, content=b"", kind="image/jpeg"):
        """A review, with a picture if it has a name. Returns the path of the newest picture."""
        self.token = self.token or self.get(product_path).token
        fields = {"csrf": self.token, "text": text, "stars": "5"}
        if name is None:
            self.post(product_path + "/review", fields)
        else:
            self.post_file(product_path + "/review", fields, "photo", name, content, kind)

    def newest_picture(self, product_path):
        found = re.search(r'class="review"><img src="([^"]+)"', self.get(product_path).text)
        return html.unescape(found.group(1)) if found else None


class Staff(Visitor):
    def login(self, name, password):
        token = self.get("/admin/login").token
        self.post("/admin/login", {"csrf": token, "name": name, "password": password})

    def edit(self, product_id, **changes):
        page = self.get(f"/admin/product/{product_id}")
        return self.post(f"/admin/product/{product_id}",
                         {"csrf": page.token, **form_values(page.text), "shown": "1", **changes})

    def clear_cache(self):
        return self.post("/admin/cache", {"csrf": self.get("/admin/").token})


def form_values(page):
    """What a form's fields hold when the page is loaded (text, number, textarea, select)."""
    values = {}
    for tag in re.findall(r"<input\b[^>]*>", page):
        name, value = (re.search(rf'\b{k}="([^"]*)"', tag) for k in ("name", "value"))
        kind = re.search(r'\btype="([^"]*)"', tag)
        if name and value and (not kind or kind.group(1) in ("text", "number", "email")):
            values[name.group(1)] = html.unescape(value.group(1))
    for name, text in re.findall(r'<textarea name="([^"]+)"[^>]*>([^<]*)</textarea>', page):
        values[name] = html.unescape(text)
    for name, options in re.findall(r'<select name="([^"]+)"[^>]*>(.*?)</select>', page, re.S):
        chosen = re.search(r"<option selected>([^<]*)<", options)
        if chosen:
            values[name] = html.unescape(chosen.group(1))
    return values


def read_info(shop_dir):
    """What shop/run wrote about a running shop: url, password of the staff, access log."""
    with open(os.path.join(os.path.dirname(os.path.realpath(shop_dir)), "server", "info.json"), encoding="utf-8") as f:
        return json.load(f)
