/* Live pages: when the ledger grows, fetch this page anew and put the parts that changed in place. */
'use strict';
(function () {
	const lang = document.documentElement.lang;
	const lamp = document.getElementById('live');
	const EVERY_MS = 700; /* at most one refresh in this time */
	let source = null, timer = 0, running = false, again = false;

	/* ---- times in the viewer's zone ---- */
	const two = (n) => String(n).padStart(2, '0');
	const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
	const days = {ja: ['日', '月', '火', '水', '木', '金', '土'],
		en: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']};
	function text(t, form) {
		const ja = lang === 'ja', y = t.getFullYear(), m = t.getMonth(), d = t.getDate();
		const minutes = two(t.getHours()) + ':' + two(t.getMinutes());
		const clock = minutes + ':' + two(t.getSeconds());
		const day = ja ? (m + 1) + '月' + d + '日' : d + ' ' + months[m];
		switch (form) {
		case 'clock': return clock;
		case 'date': return ja ? day + '（' + days.ja[t.getDay()] + '）' : days.en[t.getDay()] + ' ' + day;
		case 'short': return ja ? day + ' ' + minutes : day + ', ' + minutes;
		default: return ja ? y + '年' + day + ' ' + clock : day + ' ' + y + ', ' + clock;
		}
	}
	function localise(root) {
		for (const e of root.querySelectorAll('time[datetime]')) {
			const t = new Date(e.dateTime);
			if (!isNaN(t))
				e.textContent = text(t, e.dataset.form);
		}
	}

	/* ---- one refresh ---- */
	function newest(part) {
		let n = 0;
		for (const e of part.querySelectorAll('[data-seq]'))
			n = Math.max(n, Number(e.dataset.seq));
		return n;
	}
	function place(fresh) {
		for (const old of document.querySelectorAll('[data-live][id]')) {
			const part = fresh.getElementById(old.id);
			if (!part || part.isEqualNode(old) || old.contains(document.activeElement))
				continue;
			const had = newest(old);
			localise(part);
			if (part.isEqualNode(old))
				continue;
			for (const e of part.querySelectorAll('[data-seq]'))
				if (Number(e.dataset.seq) > had)
					e.classList.add('fresh');
			old.replaceWith(document.importNode(part, true));
		}
		document.title = fresh.title;
	}
	async function refresh() {
		if (running) { again = true; return; }
		running = true;
		try {
			const r = await fetch(location.href, {cache: 'no-store', credentials: 'same-origin'});
			if (r.redirected && new URL(r.url).pathname === '/login') { signedOut(); return; }
			if (r.ok)
				place(new DOMParser().parseFromString(await r.text(), 'text/html'));
		} catch (e) {
			show('off');
		} finally {
			running = false;
			if (again) { again = false; soon(); }
		}
	}
	function soon() {
		if (!timer)
			timer = setTimeout(() => { timer = 0; refresh(); }, EVERY_MS);
	}

	/* ---- the stream ---- */
	function show(state) {
		if (!lamp)
			return;
		lamp.hidden = false;
		lamp.className = 'live ' + state;
		lamp.textContent = lamp.dataset[state];
	}
	function signedOut() {
		stop();
		show('out');
	}
	function stop() {
		if (source)
			source.close();
		source = null;
	}
	function start() {
		if (source || !document.body.dataset.in)
			return;
		source = new EventSource('/events');
		source.addEventListener('open', () => show('on'));
		source.addEventListener('tip', soon);
		source.addEventListener('error', () => {
			show('off');
			if (source && source.readyState === EventSource.CLOSED) {
				/* Refused (too many pages, or signed out): look now and then instead. */
				source = null;
				setTimeout(() => { refresh(); start(); }, 15000);
			}
		});
	}
	/* A browser opens few connections to one server: a hidden page gives its own back. */
	document.addEventListener('visibilitychange', () => {
		if (document.hidden) { stop(); } else { start(); soon(); }
	});
	window.addEventListener('pagehide', stop);

	/* ---- login by link: the token stands behind '#', which browsers never send ---- */
	function signIn() {
		const form = document.getElementById('login');
		if (!form || location.hash.length <= 16)
			return;
		document.getElementById('token').value = location.hash.slice(1);
		history.replaceState(null, '', location.pathname + location.search);
		form.requestSubmit();
	}
	window.addEventListener('hashchange', signIn); /* the link, opened where this page is open */
	signIn();

	localise(document);
	if (!document.hidden)
		start();
	setInterval(() => { if (!document.hidden && source) soon(); }, 30000);
})();
