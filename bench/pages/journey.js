// The bundled shop's journey in Playwright, as bench/pages/run asks for it on its standard input:
// "load N" (the first page, nothing else), "quick N" (to the payment page), "card N" (the whole
// journey). Answers each line with the seconds of each visit, as JSON. The browser stays warm.
"use strict";
const readline = require("readline");
const {chromium} = require(process.env.PLAYWRIGHT);

const [url, program] = process.argv.slice(2);
const customer = {name: "検査 花子", kana: "ケンサ ハナコ", zip: "1000001", address: "千代田1-1-1", phone: "0312345678"};
const typing = {delay: 22}; // hinoban's own rhythm

async function fill(page, fields) {
	for (const [name, value] of Object.entries(fields)) {
		await page.click(`input[name=${name}]`, {clickCount: 3});
		await page.type(`input[name=${name}]`, value, typing);
	}
}

async function toPayment(page) {
	await page.goto(url + "login", {waitUntil: "load"});
	await fill(page, {email: "hinoban-check@example.jp", password: "Hinoban-check-8610"});
	await Promise.all([page.waitForURL((u) => !String(u).endsWith("/login")), page.click("form[action='/login'] button")]);
	await page.goto(url + "p/1", {waitUntil: "load"});
	await Promise.all([page.waitForURL("**/cart"), page.click("form.buy button")]);
	await page.goto(url + "checkout", {waitUntil: "load"});
	await fill(page, customer);
	await page.selectOption("select[name=prefecture]", "東京都");
	await Promise.all([page.waitForURL("**/checkout/payment"), page.click("form[action='/checkout/address'] button")]);
	await page.waitForSelector("input[autocomplete=cc-number]");
}

async function pay(page) {
	const year = String(new Date().getFullYear() + 3);
	await fill(page, {card_number: "4000000013590023", card_holder: "HANAKO KENSA", card_code: "731"});
	await page.selectOption("select[name=card_month]", "12");
	await page.selectOption("select[name=card_year]", [{value: year}, {label: year}]).catch(() => 0);
	await page.click("form[action='/checkout/payment'] button", {noWaitAfter: true});
	await page.waitForTimeout(800); // as long as hinoban waits for what is sent late
	await page.goto(url, {waitUntil: "load"});
	await page.waitForTimeout(400);
}

async function visit(browser, what) {
	const context = await browser.newContext({locale: "ja-JP"});
	const page = await context.newPage();
	if (what === "load") {
		await page.goto(url, {waitUntil: "load"});
	} else {
		await page.route("**/checkout/payment", (r) => r.request().method() === "POST" ? r.abort() : r.continue());
		await toPayment(page);
		if (what === "card")
			await pay(page);
	}
	await context.close();
}

(async () => {
	const browser = await chromium.launch({executablePath: program, args: ["--no-sandbox", "--headless=new"]});
	for await (const line of readline.createInterface({input: process.stdin})) {
		const [what, count] = line.split(" ");
		const times = [];
		for (let i = 0; i < Number(count); i++) {
			const begun = process.hrtime.bigint();
			await visit(browser, what);
			times.push(Number(process.hrtime.bigint() - begun) / 1e9);
		}
		console.log(JSON.stringify(times));
	}
	await browser.close();
})().catch((e) => { console.error(String(e)); process.exit(1); });
