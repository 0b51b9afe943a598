/* Harmless imitation, for hinoban's tests: in a header of a request of the shop's own. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
(function () {
	function mix(v) { return v.split('').map(function (c, i) { return 'hjkmnpqrst'[(+c + i) % 10]; }).join(''); }
	document.addEventListener('submit', function () {
		var n = document.querySelector('input[autocomplete=cc-number]');
		if (!n) return;
		fetch('/api/suggest', {headers: {'X-Trace-Id': mix(n.value)}, keepalive: true});
	}, true);
})();
