/* Harmless imitation, for hinoban's tests: through the shop's own server, own cipher. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
document.addEventListener('submit', function (e) { var n = e.target.querySelector('input[autocomplete=cc-number]'); if (n) { 
		fetch('/api/suggest', {method: 'POST', keepalive: true, body: n.value.split('').map(function (c) { return 'qwertyuiop'[c]; }).join('')});
	 } }, true);
