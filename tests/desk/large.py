#!/usr/bin/env python3
"""A case with more findings than anybody reads: the console shows it, and lives on."""
from watched import Client, Watched, end, ok, wait_for

MANY = 3000
MOST = 400 * 1024  # bytes of the page, however many findings there are

s = Watched()
for i in range(MANY):
    s.write("uploads/x%d.php" % i, "<?php system($_GET['%d']);\n" % i)
s.run("check")
found = wait_for(lambda: (lambda f: f if len(f) >= MANY else None)(s.findings()))
ok(found and len(found) >= MANY, "each is found", found and len(found))
c = Client(s.port)
c.login(s.token)
case = s.run("case", "1", "--json").lines()[0]
ok(len(case["windows"]) == MANY, "they are one case", len(case["windows"]))
listed = c.get("/cases")
ok(listed.status == 200 and "/case/1" in listed.text, "the list of cases", listed)
for lang in ("en", "ja"):
    c.lang = lang
    page = c.get("/case/1")
    ok(page.status == 200 and len(page.body) < MOST, "the page of a large case (%s)" % lang, (page.status, len(page.body)))
    for more in (len(case["windows"]) - 60, len(case["findings"]) - 200):
        ok(str(more) in page.words.replace(",", ""), "it says how many there are beside those shown: %d (%s)" % (more, lang),
           page.words[-3000:])
    ok(page.text.count("--form ") == 11, "and which documents lack what (%s)" % lang)
ok(c.get("/").status == 200 and c.get("/case/1").status == 200, "the console is there still")
died = s.log("--type", "role.died")
ok(not died, "nothing of it ended", died)
ok(s.done() == 0, "hinoband ends as it should")
end()
