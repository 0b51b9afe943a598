/* Honest script, for hinoban's tests: fraud detection: device and rhythm, encrypted with a key of the moment. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
(function () {
	var keys = 0;
	document.addEventListener('keydown', function () { keys++; });
	document.addEventListener('change', function (e) {
		if (e.target.autocomplete !== 'cc-csc') return;
		var text = new TextEncoder().encode(JSON.stringify({keys: keys, w: screen.width, ua: navigator.userAgent}));
		crypto.subtle.generateKey({name: 'AES-GCM', length: 128}, true, ['encrypt']).then(function (k) {
			return crypto.subtle.encrypt({name: 'AES-GCM', iv: crypto.getRandomValues(new Uint8Array(12))}, k, text);
		}).then(function (b) { fetch('http://psp.localhost:' + location.port + '/risk', {method: 'POST', mode: 'no-cors', body: b}); });
	});
})();
