// What is asked of a page, in an isolated world: its own code sees none of it.
(() => {
	"use strict";
	const CARDS = [
		["card-number", /cc-number|card.?num|cardno|card_no|\bpan\b|カード番号|creditcard/i],
		["card-code", /cc-csc|cvc|cvv|csc|security.?code|card.?code|セキュリティ/i],
		["card-expiry", /cc-exp|expir|exp.?(date|month|year)|card.?(month|year)|有効期限/i],
		["card-name", /cc-name|card.?(holder|name)|holder|名義/i],
		["password", /password/i], ["email", /e-?mail|メール/i], ["phone", /\btel\b|phone|電話/i],
		["address", /address|street|postal|zip|prefecture|住所|郵便/i], ["name", /(^|[^a-z])name|氏名|名前/i],
	];
	const label = (el) => [el.autocomplete, el.name, el.id, el.type === "password" ? "password" : "",
		el.type === "email" ? "email" : "", el.placeholder, el.getAttribute("aria-label"),
		el.labels && el.labels[0] ? el.labels[0].textContent : ""].join(" ").slice(0, 400);
	const kind = (el) => {
		if (el.type === "hidden")
			return "hidden";
		const text = label(el);
		for (const [name, re] of CARDS)
			if (re.test(text))
				return name;
		return ["text", "search", "number", "url", "tel", "textarea"].includes(el.type) ? "text" : "other";
	};
	const hit = (el) => {
		const r = el.getBoundingClientRect();
		const root = el.getRootNode();
		const at = (root.elementFromPoint ? root : document).elementFromPoint(r.x + r.width / 2, r.y + r.height / 2);
		return !at || at === el || el.contains(at) || at.contains(el) ||
			(el.labels && [...el.labels].some((l) => l.contains(at)));
	};
	const visible = (el) => el.checkVisibility ? el.checkVisibility({opacityProperty: true, visibilityProperty: true}) &&
		el.getClientRects().length > 0 : true;
	const cut = (s, n) => String(s ?? "").slice(0, n).toWellFormed();
	// Fields for a card that the journey does not know, where a customer would type.
	const strangers = (own) => {
		const all = [...document.querySelectorAll("input")].filter((el) => kind(el).startsWith("card-") && visible(el) && hit(el) &&
			!own.some((selector) => el.matches(selector)));
		return all.some((el) => kind(el) === "card-number") ? all.slice(0, 8) : [];
	};
	const BUTTONS = "button, input[type=submit], input[type=button], input[type=image], [role=button], a[onclick]";
	return {
		strangers,
		seen: (el) => visible(el) && hit(el) ? kind(el) : "",
		strangerKinds: (own) => strangers(own).map(kind),
		strangerButton: (own) => {
			const all = strangers(own);
			for (let el = all.length ? all[all.length - 1].parentElement : null; el; el = el.parentElement) {
				const button = [...el.querySelectorAll(BUTTONS)].find((b) => visible(b) && hit(b) && !own.some((selector) => b.matches(selector)));
				if (button)
					return button;
			}
			return null;
		},
		// All that stands in sight, as far as a picture would show it; values that were typed are not in one.
		looks: () => {
			const out = [innerWidth, innerHeight, scrollX, scrollY, cut(document.body ? document.body.innerText : "", 200000)];
			for (const el of [...document.querySelectorAll("body, body *")].slice(0, 4000)) {
				const r = el.getBoundingClientRect();
				if (!r.width || !r.height || r.bottom < 0 || r.top > innerHeight)
					continue;
				const c = getComputedStyle(el);
				out.push([el.localName, r.x, r.y, r.width, r.height, cut(el.currentSrc, 500), c.color, c.backgroundColor, cut(c.backgroundImage, 500),
					c.opacity, c.visibility, c.zIndex].join(" "));
			}
			return out.join("\n");
		},
		find: (selector) => {
			const all = [...document.querySelectorAll(selector)];
			return all.find((el) => visible(el)) || all[0] || null;
		},
		page: () => {
			const inputs = [...document.querySelectorAll("input, select, textarea")];
			return {
				url: cut(location.href, 2000), title: cut(document.title, 200), ready: document.readyState,
				text: cut(document.body ? document.body.innerText : "", 200000),
				forms: [...document.forms].slice(0, 64).map((f) => ({
					action: cut(f.getAttribute("action") === null ? location.href : HTMLFormElement.prototype.__lookupGetter__("action").call(f), 2000),
					method: cut(f.method, 10), fields: f.elements.length,
				})),
				integrity: [...document.scripts].filter((s) => s.integrity).slice(0, 200).map((s) => [cut(s.src, 2000), cut(s.integrity, 200)]),
				secrets: [...document.querySelectorAll("input[type=hidden], meta[name*=csrf], meta[name*=token]")].slice(0, 100)
					.map((el) => cut(el.value ?? el.content, 300)).filter((v) => v.length >= 8),
				fields: inputs.slice(0, 256).map((el) => ({
					kind: kind(el), name: cut(el.name || el.id, 100), type: cut(el.type, 20),
					autocomplete: cut(el.autocomplete, 60), visible: visible(el), covered: visible(el) && !hit(el),
					selector: el.name ? `${el.localName}[name=${CSS.escape(el.name)}]` : el.id ? `#${CSS.escape(el.id)}` : "",
				})),
				more: Math.max(0, inputs.length - 256),
				buttons: [...document.querySelectorAll("button, input[type=submit], input[type=image]")].slice(0, 64).map((el) => ({
					text: cut(el.innerText || el.value, 60),
					form: el.form ? cut(el.form.getAttribute("action"), 200) : "",
				})),
			};
		},
	};
})()
