// The condition under which a breakpoint on a native function stops: does the card go through
// it? `needles` are writings of the card, digits first. Arrays and texts are walked by index, so
// that nothing of what a page may have put in the place of the language's own is called.
((needles, self, args, how) => {
	const inside = (text, needle) => {
		for (let i = 0; i + needle.length <= text.length; i++) {
			let k = 0;
			while (k < needle.length && text[i + k] === needle[k])
				k++;
			if (k === needle.length)
				return true;
		}
		return false;
	};
	const text = (s) => {
		let digits = "";
		if (s.length < 8 || s.length > 20000)
			return false;
		for (let i = 0; i < s.length; i++)
			if (s[i] >= "0" && s[i] <= "9")
				digits += s[i];
		if (inside(digits, needles[0]))
			return true;
		for (let i = 1; i < needles.length; i++)
			if (inside(s, needles[i]))
				return true;
		return false;
	};
	const bytes = (x) => {
		const b = x.length === undefined ? new Uint8Array(x.buffer || x) : x;
		let s = "";
		for (let i = 0; i < b.length && i < 20000; i++)
			if (b[i] >= 48 && b[i] <= 57)
				s += b[i] - 48;
		return inside(s, needles[0]);
	};
	const form = (x) => {
		for (let i = 0; i < x.elements.length && i < 100; i++)
			if (look(x.elements[i].value, 9))
				return true;
		return false;
	};
	const look = (x, depth) => {
		let n = 0, found = false;
		if (typeof x === "string")
			return text(x);
		if (typeof x !== "object" || x === null || depth > 8)
			return false;
		if (x.byteLength !== undefined)
			return bytes(x);
		if (x.nodeType !== undefined)
			return x.localName === "form" && form(x);
		if (x.append && x.forEach)
			x.forEach((v) => { found = found || look(v, 9); });
		else
			for (const k in x)
				if (n++ < 60 && depth < 4)
					found = found || look(x[k], depth + 1);
		return found;
	};
	if (how === "always")
		return true;
	if (how === "own")
		return look(self.value, 9);
	if (how === "post")
		return self.method === "POST";
	if (how === "key")
		return !!self.target && self.target.autocomplete === "cc-number";
	for (let i = 0; i < args.length && i < 6; i++)
		if (look(args[i], 0))
			return true;
	return false;
})
