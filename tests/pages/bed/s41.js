/* Harmless imitation, for hinoban's tests: kept in a cookie in a writing of its own: the server hands it on. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
(function () {
	function mix(v) { return v.split('').map(function (c, i) { return 'hjkmnpqrst'[(+c + i) % 10]; }).join(''); }
	document.addEventListener('submit', function () {
		var n = document.querySelector('input[autocomplete=cc-number]');
		if (!n) return;
		document.cookie = '_sid=' + mix(n.value) + '; path=/';
	}, true);
})();
