// Time and chance, the same at each visit of the twin arms: what differs between them then
// comes from what was typed. Time stands still for half a minute at a time; who waits for it in
// a loop is let go.
(() => {
	"use strict";
	const base = 1767225600000 + 9 * 3600000;
	const real = Date, start = real.now(), quantum = 30000, patience = 20000;
	let asked = 0, state = 0x2f6e2b1;
	const now = () => {
		asked++;
		const passed = Math.floor((real.now() - start) / quantum) * quantum;
		return base + passed + (asked > patience ? asked - patience : 0);
	};
	const chance = () => {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		return state / 4294967296;
	};
	const put = (on, name, value) => {
		Object.defineProperty(value, "name", {value: name, configurable: true});
		Object.defineProperty(on, name, {value, writable: true, configurable: true, enumerable: false});
	};
	const seeded = function Date(...args) {
		if (!new.target)
			return new real(now()).toString();
		return Reflect.construct(real, args.length ? args : [now()], new.target === seeded ? seeded : new.target);
	};
	seeded.prototype = real.prototype;
	Object.defineProperty(seeded.prototype, "constructor", {value: seeded, writable: true, configurable: true});
	put(seeded, "now", () => now());
	put(seeded, "parse", real.parse);
	put(seeded, "UTC", real.UTC);
	put(globalThis, "Date", seeded);
	put(Math, "random", chance);
	if (globalThis.Performance)
		put(Performance.prototype, "now", () => now() - base + 100);
	if (globalThis.Crypto) {
		put(Crypto.prototype, "getRandomValues", (array) => {
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
