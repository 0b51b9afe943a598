// Time and chance, the same at each visit of the twin arms: what differs between them then
// comes from what was typed. Time stands still for half a minute at a time; who waits for it in
// a loop is let go.
(() => {
	"use strict";
	const base = 1767225600000 + 9 * 3600000;
	const real = Date, clock = Date.now, start = clock(), quantum = 30000, patience = 20000;
	let asked = 0, state = 0x2f6e2b1;
	const now = () => {
		asked++;
		const passed = Math.floor((clock() - start) / quantum) * quantum;
		return base + passed + (asked > patience ? asked - patience : 0);
	};
	const chance = () => {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		return state / 4294967296;
	};
	// Proxies of the native functions: they read as native code to whoever asks for their text.
	const put = (on, name, apply, more) => {
		const value = new Proxy(on[name], {apply, ...more});
		Object.defineProperty(on, name, {value, writable: true, configurable: true, enumerable: false});
		return value;
	};
	const seeded = put(globalThis, "Date", () => new real(now()).toString(), {
		construct: (target, args, as) => Reflect.construct(target, args.length ? args : [now()], as === seeded ? target : as),
	});
	Object.defineProperty(real.prototype, "constructor", {value: seeded, writable: true, configurable: true});
	put(real, "now", () => now());
	put(Math, "random", chance);
	if (globalThis.Performance)
		put(Performance.prototype, "now", () => now() - base + 100);
	// A key of the moment: drawn by the same chance, where it is nothing but bytes.
	const lengths = {"SHA-1": 512, "SHA-256": 512, "SHA-384": 1024, "SHA-512": 1024};
	const bytes = (bits) => {
		const key = new Uint8Array(bits / 8);
		for (let i = 0; i < key.length; i++)
			key[i] = chance() * 256;
		return key;
	};
	const drawn = (how) => {
		const name = String(how && how.name || how).toUpperCase();
		const hash = String(how && how.hash && how.hash.name || how && how.hash).toUpperCase();
		if (/^AES-(GCM|CBC|CTR|KW)$/.test(name))
			return [128, 192, 256].includes(how.length) ? how.length : 0;
		return name === "HMAC" ? (how.length % 8 === 0 && how.length) || lengths[hash] || 0 : 0;
	};
	if (globalThis.SubtleCrypto) {
		const importKey = SubtleCrypto.prototype.importKey;
		put(SubtleCrypto.prototype, "generateKey", (target, self, args) => {
			const bits = drawn(args[0]);
			return bits ? Reflect.apply(importKey, self, ["raw", bytes(bits), ...args]) : Reflect.apply(target, self, args);
		});
	}
	if (globalThis.Crypto) {
		put(Crypto.prototype, "getRandomValues", (target, self, [array]) => {
			const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
			for (let i = 0; i < bytes.length; i++)
				bytes[i] = chance() * 256;
			return array;
		});
		put(Crypto.prototype, "randomUUID", () => {
			let n = 0;
			return "xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx".replace(/x/g, () => Math.floor(chance() * 16).toString(16));
		});
	}
})();
